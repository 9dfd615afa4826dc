"""Reads a mask file as class indices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from schema.label_map import INVALID, LabelMap
from schema.user_error import UserError

# Checked on the header: a few kilobytes of PNG can claim gigabytes of pixels. Below Pillow's own warning threshold.
MAX_PIXELS = 80_000_000


def read_mask(path: Path, label_map: LabelMap) -> np.ndarray:
    """`[H, W] uint8` class indices, 255 = void, of a PNG that holds the dataset's own ids.

    Pillow gives the ids of a palette PNG; `tf.io.decode_png(channels=1)` would give the luminance of their colours.

    Raises:
        UserError: the file is missing or no PNG of ids, or holds an id outside the label map.
    """
    try:
        with Image.open(path, formats=["PNG"]) as image:
            if image.mode not in ("P", "L"):
                raise UserError(
                    f"{path}: expected a palette or 8-bit greyscale PNG of class ids, got mode {image.mode}"
                )
            if image.width * image.height > MAX_PIXELS:
                raise UserError(f"{path}: {image.width}x{image.height} pixels, at most {MAX_PIXELS} are read")
            ids = np.array(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UserError(f"{path}: cannot read the mask, expected a PNG: {error}") from error
    # Looked at before the cast, which would turn INVALID into void.
    classes = label_map.lookup[ids]
    if (classes == INVALID).any():
        unknown = ", ".join(map(str, np.unique(ids[classes == INVALID])[:5]))
        raise UserError(f"{path}: mask ids outside the label map: {unknown}; expected {_expected(label_map)}")
    return classes.astype(np.uint8)


def _expected(label_map: LabelMap) -> str:
    return f"{min(label_map.ids)}..{max(label_map.ids)} or {label_map.void_id} (void)"
