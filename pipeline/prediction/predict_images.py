"""Images -> what a model says of them, as files."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from pipeline.prediction.load_model import Model, ModelFault
from pipeline.prediction.read_image import ReadImage
from pipeline.prediction.write_outcome import Outcome, write_outcome
from schema.label_map import LabelMap

_BATCH = 4


def predict_images(model: Model, images: Iterator[ReadImage], label_map: LabelMap, out: Path) -> Iterator[Outcome]:
    """Writes mask and overlay of each image, in their order.

    While the model is at work on some images, the next are read and the last are written. No more than three batches
    are in memory.

    Args:
        model: as `load_model` gives it.
        images: as `read_images` gives them.
        label_map: the model's.
        out: the folder to write to.

    Raises:
        UserError: a file cannot be written.
    """
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(2) as writers:
        written: deque[Future[Outcome]] = deque()
        ahead = reader.submit(_take, images)
        while batch := ahead.result():
            ahead = reader.submit(_take, images)
            masks = iter(model([image.encoded for image in batch if image.fault is None]))
            while written:
                yield written.popleft().result()
            for image in batch:
                mask = next(masks) if image.fault is None else ModelFault(image.fault)
                written.append(writers.submit(write_outcome, image, mask, label_map, out))
        while written:
            yield written.popleft().result()


def _take(images: Iterator[ReadImage]) -> list[ReadImage]:
    return list(islice(images, _BATCH))
