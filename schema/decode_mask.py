"""Reads an encoded mask as class indices."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from schema.label_map import INVALID, LabelMap
from schema.user_error import UserError

# Checked on the header: a few kilobytes of PNG can claim gigabytes of pixels. Below Pillow's own warning threshold.
MAX_PIXELS = 80_000_000


def decode_mask(encoded: bytes, label_map: LabelMap, *, name: str) -> np.ndarray:
    """`[H, W] uint8` class indices, 255 = void, of a PNG that holds the dataset's own ids.

    Pillow gives the ids of a palette PNG; `tf.io.decode_png(channels=1)` would give the luminance of their colours.

    Args:
        encoded: the PNG.
        label_map: which id is which class.
        name: what the mask is called in error messages, a path for instance.

    Raises:
        UserError: it is no whole PNG of ids, or holds an id outside the label map.
    """
    try:
        with Image.open(io.BytesIO(encoded), formats=["PNG"]) as image:
            if image.mode not in ("P", "L"):
                raise UserError(
                    f"{name}: expected a palette or 8-bit greyscale PNG of class ids, got mode {image.mode}"
                )
            if image.width * image.height > MAX_PIXELS:
                raise UserError(f"{name}: {image.width}x{image.height} pixels, at most {MAX_PIXELS} are read")
            ids = np.array(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UserError(f"{name}: cannot read the mask, expected a PNG: {error}") from error
    # Looked at before the cast, which would turn INVALID into void.
    classes = label_map.lookup[ids]
    if (classes == INVALID).any():
        unknown = np.unique(ids[classes == INVALID])
        shown = f"{', '.join(map(str, unknown[:5]))}{', …' if len(unknown) > 5 else ''}"
        raise UserError(f"{name}: mask ids outside the label map: {shown}; expected {_expected(label_map)}")
    return classes.astype(np.uint8)


def _expected(label_map: LabelMap) -> str:
    return f"{min(label_map.ids)}..{max(label_map.ids)} or {label_map.void_id} (void)"
