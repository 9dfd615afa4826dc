"""Writes what a model says of an image."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from components.pictures import overlay, palette_png
from components.segmentation_metrics.mask_ids import mask_ids
from pipeline.prediction.output_files import output_files
from pipeline.write_file import write_file
from schema.label_map import LabelMap


def write_prediction(
    out: Path, name: str, pixels: npt.NDArray[np.uint8], mask_png: bytes, label_map: LabelMap
) -> npt.NDArray[np.uint8]:
    """Writes NAME.mask.png and NAME.overlay.jpg, each whole or not at all; files that are there are replaced.

    The mask is a palette PNG: the dataset's colours in a viewer, the model's class ids in its pixels.

    Args:
        out: the folder to write to; made where it is missing.
        name: of the image, a path below `out` without a suffix.
        pixels: `[H, W, 3] uint8`, of the image.
        mask_png: what the model gives: a one-channel PNG of class indices, `[H, W]`.
        label_map: for the palette.

    Returns:
        The mask, `[H, W] uint8` class indices.

    Raises:
        ValueError: the mask is none, or not of the image's size; nothing is written then.
        UserError: a file cannot be written.
    """
    mask = np.asarray(mask_ids(mask_png), np.uint8)
    blended = io.BytesIO()
    Image.fromarray(overlay(pixels, mask, label_map)).save(blended, "JPEG", quality=90)
    files = output_files(out, name)
    write_file(files.mask, palette_png(mask, label_map))
    write_file(files.overlay, blended.getvalue())
    return mask
