"""Reads a mask file of ids or of colours as class indices."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from datasets.legend import Legend
from schema.decode_mask import MAX_PIXELS
from schema.label_map import INVALID
from schema.user_error import UserError

_GREY, _RGB, _PALETTE, _RGBA = 0, 2, 3, 6  # colour types, byte 25 of a PNG; byte 24 is the bits a sample


def read_coded_mask(path: Path, legend: Legend) -> np.ndarray:
    """`[H, W] uint8` class indices, 255 = void, of a PNG.

    A palette or greyscale PNG (8 or 16 bits) holds ids, an RGB or opaque RGBA one (8 bits) colours.

    Raises:
        UserError: the file is missing, is no such PNG, or holds a value that the legend does not have, the first of
            which is named with its pixel.
    """
    try:
        encoded = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot read the mask: {error}") from error
    try:
        with Image.open(io.BytesIO(encoded), formats=["PNG"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UserError(f"{path}: {image.width}x{image.height} pixels, at most {MAX_PIXELS} are read")
            bits, kind = encoded[24:26]
            # With fewer bits a grey level is scaled up to 0..255: of 4 bits, id 15 would come out as 255.
            if kind != _PALETTE and (kind, bits) not in ((_GREY, 8), (_GREY, 16), (_RGB, 8), (_RGBA, 8)):
                raise UserError(
                    f"{path}: expected a PNG of ids (palette, or greyscale of 8 or 16 bits) or of colours (RGB of "
                    f"8 bits), got mode {image.mode}, {bits}-bit"
                )
            values = np.array(image)
    except UserError:
        raise
    except Exception as error:  # Pillow's parsers let out struct.error, IndexError and more
        raise UserError(f"{path}: cannot read the mask, expected a whole PNG") from error
    if kind in (_PALETTE, _GREY):
        return _of_ids(values, legend, path)
    return _of_colors(values, legend, path)


def _of_ids(ids: np.ndarray, legend: Legend, path: Path) -> np.ndarray:
    classes = legend.by_id[ids]
    if (classes == INVALID).any():
        x, y = _first(classes == INVALID)
        raise UserError(
            f"{path}: id {ids[y, x]} at x={x}, y={y} is not in the label map; add it there, or to --void-ids if its "
            "pixels are to be left out"
        )
    return classes.astype(np.uint8)


def _of_colors(pixels: np.ndarray, legend: Legend, path: Path) -> np.ndarray:
    if pixels.shape[2] == 4 and (pixels[..., 3] < 255).any():
        x, y = _first(pixels[..., 3] < 255)
        raise UserError(f"{path}: the pixel at x={x}, y={y} is transparent, expected colours of the label map")
    red, green, blue = np.moveaxis(pixels[..., :3].astype(np.int32), 2, 0)
    codes = red << 16 | green << 8 | blue
    known = np.array(list(legend.by_color), np.int32)
    classes = np.array(list(legend.by_color.values()), np.uint8)
    nearest = np.searchsorted(known, codes).clip(max=len(known) - 1)
    wrong = known[nearest] != codes
    if wrong.any():
        x, y = _first(wrong)
        color = ",".join(map(str, pixels[y, x, :3]))
        raise UserError(
            f"{path}: colour {color} at x={x}, y={y} is not in the label map; add it there, or to --void-colors if "
            "its pixels are to be left out"
        )
    return classes[nearest]


def _first(where: np.ndarray) -> tuple[int, int]:
    """(x, y) of the first true element, row by row."""
    y, x = np.unravel_index(np.argmax(where), where.shape)
    return int(x), int(y)
