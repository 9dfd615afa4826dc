"""Who waits for whom; what is written is tested with `predict`."""

import threading
from collections.abc import Iterator

import numpy as np

from pipeline.prediction.load_model import ModelFault
from pipeline.prediction.predict_images import predict_images
from pipeline.prediction.read_image import ReadImage
from tests.components.report.fake_model import LABEL_MAP

PIXELS = np.zeros((1, 2, 3), np.uint8)


def test_images_are_read_while_the_model_is_at_work(tmp_path):
    fifth = threading.Event()

    def images() -> Iterator[ReadImage]:
        for index in range(8):
            if index == 4:
                fifth.set()
            yield ReadImage(f"{index}.png", str(index), b"", PIXELS)

    def model(encoded):
        return [ModelFault("read" if fifth.wait(30) else "waited in vain")] * len(encoded)

    outcomes = list(predict_images(model, images(), LABEL_MAP, tmp_path))
    assert [(outcome.place, outcome.fault) for outcome in outcomes] == [(f"{i}.png", "read") for i in range(8)]


def test_no_more_than_three_batches_are_in_memory(tmp_path):
    read, given = 0, 0

    def images() -> Iterator[ReadImage]:
        nonlocal read
        for index in range(40):
            read += 1
            assert read - given <= 12
            yield ReadImage("", str(index), b"", PIXELS, "none" if index % 3 else None)

    for outcome in predict_images(lambda encoded: [ModelFault("x")] * len(encoded), images(), LABEL_MAP, tmp_path):
        given += 1
        assert outcome.fault == ("none" if (given - 1) % 3 else "x")
    assert given == 40
