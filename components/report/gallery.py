"""Examples of what a model predicts, for the report."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image

from components.pictures import mask_thumbnail, thumbnail
from components.segmentation_metrics.confusion_matrix import confusion_matrix
from components.segmentation_metrics.mask_ids import mask_ids
from components.segmentation_metrics.scores import mean_iou
from schema.label_map import LabelMap
from schema.record import FILENAME, IMAGE, MASK, VOID
from schema.signatures import EXAMPLE_INPUT, EXAMPLE_SIGNATURE, MASK_OUTPUT

_BATCH = 4
_MAX_SIDE = 480  # pixels; sharp at the report's column width on a dense screen


@dataclass(frozen=True)
class Picture:
    """One example, as data URIs.

    Args:
        filename: as in its record.
        mean_iou: of this image, over the classes that its truth has; None where all of it is void.
        image: JPEG.
        truth: palette PNG.
        prediction: palette PNG.
    """

    filename: str
    mean_iou: float | None
    image: str
    truth: str
    prediction: str


def make_gallery(model_dir: str | Path, examples: Iterable[bytes], count: int, label_map: LabelMap) -> list[Picture]:
    """Runs a SavedModel on the first examples.

    Args:
        model_dir: a SavedModel with the signature `from_examples`; any path `tf.io.gfile` knows.
        examples: serialized tf.Examples of the record contract, as ExampleGen writes them; read no further than needed.
        count: how many, at most.
        label_map: the classes and their colours.

    Raises:
        ValueError: an example's truth or the model's mask does not fit the label map or the image's size.
    """
    chosen = list(islice(examples, count))
    if not chosen:
        return []
    model = tf.saved_model.load(str(model_dir))
    masks = _predict(model.signatures[EXAMPLE_SIGNATURE], chosen)
    return [_picture(example, mask, label_map) for example, mask in zip(chosen, masks, strict=True)]


def _predict(signature, examples: list[bytes]) -> Iterator[bytes]:
    for start in range(0, len(examples), _BATCH):
        yield from signature(**{EXAMPLE_INPUT: tf.constant(examples[start : start + _BATCH])})[MASK_OUTPUT].numpy()


def _picture(serialized: bytes, mask_png: bytes, label_map: LabelMap) -> Picture:
    features = tf.train.Example.FromString(serialized).features.feature
    filename = features[FILENAME].bytes_list.value
    with Image.open(io.BytesIO(features[IMAGE].bytes_list.value[0])) as encoded:
        image = np.asarray(encoded.convert("RGB"))
    truth, prediction = (np.asarray(mask_ids(png), np.uint8) for png in (features[MASK].bytes_list.value[0], mask_png))
    score = mean_iou(confusion_matrix(truth, prediction, len(label_map), VOID))
    return Picture(
        filename=filename[0].decode("utf-8", "backslashreplace") if filename else "(no file name)",
        mean_iou=None if math.isnan(score) else score,
        image=thumbnail(image, _MAX_SIDE),
        truth=mask_thumbnail(truth, label_map, _MAX_SIDE),
        prediction=mask_thumbnail(prediction, label_map, _MAX_SIDE),
    )
