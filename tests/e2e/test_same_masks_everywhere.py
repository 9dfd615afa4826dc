"""One model, fifty images of odd sizes: whoever is asked, the mask is the same."""

from __future__ import annotations

import base64
import io
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from benchmarks.evaluate_component import evaluate_component
from components.segmentation_example_gen.check_example import check_example
from components.segmentation_example_gen.read_records import Record
from components.segmentation_metrics import mask_pair_preprocessor
from schema.make_record import make_record
from schema.record import MASK
from schema.signatures import (
    EXAMPLE_INPUT,
    EXAMPLE_SIGNATURE,
    IMAGE_INPUT,
    IMAGE_SIGNATURE,
    MASK_OUTPUT,
    REST_OUTPUT,
    REST_SIGNATURE,
)
from tests.conftest import ROOT
from tests.e2e.segpipe import segpipe
from tests.models.exported_model import LABEL_MAP, exported_model
from tests.models.tiny import NUM_CLASSES, image_and_mask, jpeg, png
from tests.pipeline.server.server_process import server_process

pytestmark = pytest.mark.slow

_EXTREME = [(1, 1), (1, 400), (400, 1), (2, 3), (399, 401), (32, 48), (33, 47), (7, 5)]
SIZES = _EXTREME + np.random.default_rng(0).integers(1, 400, (50 - len(_EXTREME), 2)).tolist()


def _image(index: int) -> tuple[str, bytes]:
    image, _ = image_and_mask(index, *SIZES[index])
    shown = image if index % 4 < 2 else image[..., 1]
    return (f"{index:02}.jpg", jpeg(shown)) if index % 2 else (f"{index:02}.png", png(shown))


IMAGES = dict(_image(index) for index in range(50))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The model and the examples, as the Evaluator takes them."""
    folder = tmp_path_factory.mktemp("same")
    (folder / "schema").mkdir()
    shutil.copy(ROOT / "schema" / "schema.pbtxt", folder / "schema")
    exported_model(folder / "model" / "Format-Serving")
    return folder


@pytest.fixture(scope="module")
def model(folder):
    return tf.saved_model.load(str(folder / "model" / "Format-Serving"))


@pytest.fixture(scope="module")
def masks(model) -> list[bytes]:
    """By the signature of servers, one call an image."""
    serve = model.signatures[IMAGE_SIGNATURE]
    return [serve(**{IMAGE_INPUT: tf.constant([image])})[MASK_OUTPUT].numpy()[0] for image in IMAGES.values()]


@pytest.fixture(scope="module")
def records() -> list[bytes]:
    made = []
    for index, (name, image) in enumerate(IMAGES.items()):
        truth = np.random.default_rng(index).integers(0, NUM_CLASSES, SIZES[index], np.uint8)
        example = make_record(image, truth, LABEL_MAP, filename=name, source="odd")
        checked = check_example(Record("odd", index, example.SerializeToString()), LABEL_MAP)
        made.append(checked.example.SerializeToString())
    return made


def _ids(encoded: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(encoded)) as mask:
        assert mask.mode in ("L", "P")
        return np.asarray(mask)


def test_they_are_worth_comparing(masks):
    ids = [_ids(mask) for mask in masks]
    assert [mask.shape for mask in ids] == [tuple(size) for size in SIZES]
    assert len({mask.shape for mask in ids}) == len({*IMAGES.values()}) == 50
    assert all(pixels > 10_000 for pixels in sum(np.bincount(mask.ravel(), minlength=NUM_CLASSES) for mask in ids))


def test_by_every_signature(model, masks, records):
    images = tf.constant(list(IMAGES.values()))
    examples = model.signatures[EXAMPLE_SIGNATURE](**{EXAMPLE_INPUT: tf.constant(records)})[MASK_OUTPUT]
    assert examples.numpy().tolist() == masks
    assert model.signatures[REST_SIGNATURE](**{IMAGE_INPUT: images})[REST_OUTPUT].numpy().tolist() == masks
    assert model.signatures[IMAGE_SIGNATURE](**{IMAGE_INPUT: images})[MASK_OUTPUT].numpy().tolist() == masks


def test_by_segpipe_predict(folder, masks, tmp_path):
    (tmp_path / "images").mkdir()
    for name, image in IMAGES.items():
        (tmp_path / "images" / name).write_bytes(image)
    version = folder / "model" / "Format-Serving"
    done = segpipe("predict", "--model", version, tmp_path / "images", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    for name, mask in zip(IMAGES, masks, strict=True):
        written = (tmp_path / "out" / f"{Path(name).stem}.mask.png").read_bytes()
        np.testing.assert_array_equal(_ids(written), _ids(mask), err_msg=name)


def test_over_http(folder, masks):
    with server_process(folder / "model" / "Format-Serving") as server:
        images = list(IMAGES.values())
        alone = [server.predict(image).json["predictions"][0]["b64"] for image in images]
        together = [row["b64"] for row in server.predict(*images).json["predictions"]]
        page = [server.ask("POST", "/mask", image).json["mask"] for image in images]
    assert [base64.b64decode(mask) for mask in alone] == masks
    assert [base64.b64decode(mask) for mask in together] == masks
    for name, shown, mask in zip(IMAGES, page, masks, strict=True):
        np.testing.assert_array_equal(_ids(base64.b64decode(shown)), _ids(mask), err_msg=name)


def test_as_the_evaluator_counts_them(folder, masks, records, monkeypatch):
    """What its metric is handed, each beside its truth, and the pixels that it then counted."""
    handed: list[bytes] = []
    read = mask_pair_preprocessor.mask_ids

    def listen(value):
        handed.append(value.item() if isinstance(value, np.ndarray) else value)
        return read(value)

    monkeypatch.setattr(mask_pair_preprocessor, "mask_ids", listen)
    split = folder / "examples" / "Split-odd"
    split.mkdir(parents=True)
    with tf.io.TFRecordWriter(str(split / "data_tfrecord-00000-of-00001.gz"), "GZIP") as writer:
        for record in records:
            writer.write(record)
    counted = evaluate_component(folder, "odd", with_baseline=False)

    truths = [tf.train.Example.FromString(record).features.feature[MASK].bytes_list.value[0] for record in records]
    assert len(handed) == 100
    assert dict(zip(handed[::2], handed[1::2], strict=True)) == dict(zip(truths, masks, strict=True))
    expected = np.zeros((NUM_CLASSES, NUM_CLASSES), int)
    for truth, mask in zip(truths, masks, strict=True):
        np.add.at(expected, (_ids(truth), _ids(mask)), 1)
    assert counted == expected.tolist()
