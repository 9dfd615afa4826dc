"""Reads an encoded mask as class indices."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, UnidentifiedImageError

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
            bits = encoded[24]
            # With fewer bits a grey level is scaled up to 0..255: of 4 bits, id 15 would come out as void.
            if image.mode != "P" and (image.mode, bits) != ("L", 8):
                raise UserError(
                    f"{name}: expected a palette or 8-bit greyscale PNG of class ids, got mode {image.mode}, {bits}-bit"
                )
            if image.width * image.height > MAX_PIXELS:
                raise UserError(f"{name}: {image.width}x{image.height} pixels, at most {MAX_PIXELS} are read")
            ids = np.array(image)
    except UserError:
        raise
    except UnidentifiedImageError as error:  # its message is the address of a Python object
        raise UserError(
            f"{name}: cannot read the mask, expected a PNG, got bytes that start with {encoded[:8]!r}"
        ) from error
    except Exception as error:  # Pillow's parsers let out struct.error, IndexError and more
        raise UserError(f"{name}: cannot read the mask, expected a whole PNG: {error}") from error
    # Looked at before the cast, which would turn INVALID into void.
    classes = label_map.lookup[ids]
    if (classes == INVALID).any():
        unknown = np.unique(ids[classes == INVALID])
        raise UserError(f"{name}: mask ids outside the label map: {_list(unknown)}; expected {_expected(label_map)}")
    return classes.astype(np.uint8)


def _expected(label_map: LabelMap) -> str:
    low, high = min(label_map.ids), max(label_map.ids)
    is_range = len(label_map) == high - low + 1
    return f"{f'{low}..{high}' if is_range else _list(sorted(label_map.ids))} or {label_map.void_id} (void)"


def _list(ids: Sequence[int] | np.ndarray, most: int = 5) -> str:
    return f"{', '.join(map(str, ids[:most]))}{', …' if len(ids) > most else ''}"
