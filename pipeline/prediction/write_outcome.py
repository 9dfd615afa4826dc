"""What becomes of an image that was given to a model."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pipeline.prediction.load_model import ModelFault
from pipeline.prediction.read_image import ReadImage
from pipeline.prediction.shares_row import shares_row
from pipeline.prediction.write_prediction import write_prediction
from schema.label_map import LabelMap


class Outcome(NamedTuple):
    """What became of an image."""

    place: str  # what it is called in messages
    fault: str | None  # why it has no prediction
    row: list[str]  # of the table of class shares, its name first; empty where there is a fault


def write_outcome(image: ReadImage, mask: bytes | ModelFault, label_map: LabelMap, out: Path) -> Outcome:
    """Writes mask and overlay of an image, if it has any.

    Args:
        image: the image, or why there is none.
        mask: the model's, a PNG of class indices, which does not count where there is no image.
        label_map: the model's.
        out: the folder to write to.

    Raises:
        UserError: a file cannot be written.
    """
    if image.fault is not None or isinstance(mask, ModelFault):
        return Outcome(image.place, image.fault or str(mask), [])
    try:
        ids = write_prediction(out, image.name, image.pixels, mask, label_map)
    except ValueError as error:
        return Outcome(image.place, f"the model's mask does not fit: {error}", [])
    return Outcome(image.place, None, shares_row(image.name, ids, label_map))
