"""Images -> what a model says of them, as files."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pipeline.prediction.load_model import Mask, Model, ModelFault
from pipeline.prediction.read_images import ReadImage
from pipeline.prediction.shares_row import shares_row
from pipeline.prediction.write_prediction import write_prediction
from schema.label_map import LabelMap

_BATCH = 4


class Outcome(NamedTuple):
    """What became of an image."""

    place: str  # what it is called in messages
    fault: str | None  # why it has no prediction
    row: list[str]  # of the table of class shares, its name first; empty where there is a fault


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
                written.append(writers.submit(_write, image, mask, label_map, out))
        while written:
            yield written.popleft().result()


def _take(images: Iterator[ReadImage]) -> list[ReadImage]:
    return list(islice(images, _BATCH))


def _write(image: ReadImage, mask: Mask | ModelFault, label_map: LabelMap, out: Path) -> Outcome:
    if isinstance(mask, ModelFault):
        return Outcome(image.place, str(mask), [])
    try:
        ids = write_prediction(out, image.name, image.pixels, mask, label_map)
    except ValueError as error:
        return Outcome(image.place, f"the model's mask does not fit: {error}", [])
    return Outcome(image.place, None, shares_row(image.name, ids, label_map))
