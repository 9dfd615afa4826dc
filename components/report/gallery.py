"""Examples of what a model predicts, for the report: good, average and failed ones."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from components.pictures import difference_thumbnail, mask_thumbnail, thumbnail
from components.report.choose import choose
from components.segmentation_metrics.confusion_matrix import confusion_matrix
from components.segmentation_metrics.mask_ids import mask_ids
from schema.label_map import LabelMap
from schema.record import FILENAME, IMAGE, MASK, VOID
from schema.scores import mean_iou
from schema.signatures import EXAMPLE_INPUT, EXAMPLE_SIGNATURE, MASK_OUTPUT

_LOG = logging.getLogger("segpipe.report")
_BATCH = 8
_LOG_SECONDS = 10
_MAX_SIDE = 480  # pixels; sharp at the report's column width on a dense screen


@dataclass(frozen=True)
class Picture:
    """One example, as data URIs.

    Args:
        filename: as in its record.
        mean_iou: of this image, over the classes that its truth has.
        image: JPEG.
        truth: palette PNG.
        prediction: palette PNG.
        difference: JPEG, see `difference_thumbnail`.
    """

    filename: str
    mean_iou: float
    image: str
    truth: str
    prediction: str
    difference: str


@dataclass(frozen=True)
class Gallery:
    """What a model does on a split.

    Args:
        groups: what is shown, by `GOOD`, `AVERAGE` and `FAILED`, each from the best down to the worst.
        scores: file name and mean IoU of every image, in the order of the records; nan where all of it is void.
    """

    groups: dict[str, list[Picture]] = field(default_factory=dict)
    scores: list[tuple[str, float]] = field(default_factory=list)


def make_gallery(
    model_dir: str | Path, read: Callable[[], Iterable[bytes]], count: int, label_map: LabelMap
) -> Gallery:
    """Runs a SavedModel on all examples and shows some of them.

    Memory is bounded by a batch, the pictures shown and a file name an image: predictions wait in a temporary file,
    and the examples are read twice. The model sees each once.

    Args:
        model_dir: a SavedModel with the signature `from_examples`; any path `tf.io.gfile` knows.
        read: opens the serialized tf.Examples of the record contract, as ExampleGen writes them; always in one order.
        count: how many are shown, at most; for none, nothing is run.
        label_map: the classes and their colours.

    Raises:
        ValueError: an example's truth or the model's mask does not fit the label map or the image's size.
    """
    if not count:
        return Gallery()
    with tempfile.TemporaryFile() as predictions:
        scores, offsets = [], [0]
        for example, mask_png in _predict(model_dir, read()):
            scores.append(_score(example, mask_png, label_map))
            offsets.append(offsets[-1] + predictions.write(mask_png))
        chosen = choose([score for _, score in scores], count)
        pictures = {}
        for at, example in _at(read(), {at for group in chosen.values() for at in group}):
            predictions.seek(offsets[at])
            pictures[at] = _picture(example, predictions.read(offsets[at + 1] - offsets[at]), *scores[at], label_map)
    return Gallery({name: [pictures[at] for at in group] for name, group in chosen.items()}, scores)


def _predict(model_dir: str | Path, examples: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Pairs each example with the predicted mask, a PNG."""
    iterator, signature, done, spoke = iter(examples), None, 0, time.monotonic()
    while batch := list(islice(iterator, _BATCH)):
        if signature is None:  # no example needs no model
            model = tf.saved_model.load(str(model_dir))  # its variables live as long as this name does
            signature = model.signatures[EXAMPLE_SIGNATURE]
        yield from zip(batch, signature(**{EXAMPLE_INPUT: tf.constant(batch)})[MASK_OUTPUT].numpy(), strict=True)
        done += len(batch)
        if time.monotonic() - spoke >= _LOG_SECONDS:
            spoke = time.monotonic()
            _LOG.info("looked at the predictions of %d images", done)


def _at(examples: Iterable[bytes], positions: set[int]) -> Iterator[tuple[int, bytes]]:
    if positions:
        numbered = enumerate(islice(examples, max(positions) + 1))
        yield from ((at, example) for at, example in numbered if at in positions)


def _score(example: bytes, mask_png: bytes, label_map: LabelMap) -> tuple[str, float]:
    features = _features(example)
    filename = features[FILENAME].bytes_list.value
    truth, prediction = _masks(features, mask_png)
    return (
        filename[0].decode("utf-8", "backslashreplace") if filename else "(no file name)",
        mean_iou(confusion_matrix(truth, prediction, len(label_map), VOID)),
    )


def _picture(example: bytes, mask_png: bytes, filename: str, score: float, label_map: LabelMap) -> Picture:
    features = _features(example)
    # As the model sees it: by its stored pixels, whatever EXIF says, and by a decoder that minds no broken profile.
    encoded = features[IMAGE].bytes_list.value[0]
    image = tf.io.decode_image(encoded, channels=3, expand_animations=False).numpy()
    truth, prediction = _masks(features, mask_png)
    return Picture(
        filename=filename,
        mean_iou=score,
        image=thumbnail(image, _MAX_SIDE),
        truth=mask_thumbnail(truth, label_map, _MAX_SIDE),
        prediction=mask_thumbnail(prediction, label_map, _MAX_SIDE),
        difference=difference_thumbnail(image, truth, prediction, _MAX_SIDE),
    )


def _features(example: bytes) -> Any:
    return tf.train.Example.FromString(example).features.feature


def _masks(features: Any, mask_png: bytes) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Truth and prediction, `[H, W]` each."""
    truth, prediction = (np.asarray(mask_ids(png), np.uint8) for png in (features[MASK].bytes_list.value[0], mask_png))
    return truth, prediction
