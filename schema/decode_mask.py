"""Reads an encoded mask as class indices."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from schema.bare_png import GREY, PALETTE, bare_png
from schema.label_map import INVALID, LabelMap
from schema.record_error import RecordError

# Checked on the header: a few kilobytes of PNG can claim gigabytes of pixels. Below Pillow's own warning threshold.
MAX_PIXELS = 80_000_000

_START = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_MODES = {0: "L", 2: "RGB", 3: "P", 4: "LA", 6: "RGBA"}  # as Pillow calls the colour types
_BROKEN = "the mask is truncated or corrupt, expected a whole PNG"


class DecodedMask(NamedTuple):
    """A mask.

    Args:
        classes: `[H, W] uint8` class indices, 255 = void.
        counts: `[256] int64`, the pixels of each class index.
        png: an 8-bit greyscale PNG of `classes`, where one could be had without encoding them.
        is_palette: whether the file had a palette.
        is_mapped: whether the file's ids were others than the class indices.
    """

    classes: np.ndarray
    counts: np.ndarray
    png: bytes | None
    is_palette: bool
    is_mapped: bool


def decode_mask(encoded: bytes, label_map: LabelMap, *, name: str) -> DecodedMask:
    """Decodes a PNG that holds the dataset's own ids.

    A palette PNG is read as its indices: they are the ids, and the luminance of its colours means nothing.

    Args:
        encoded: the PNG.
        label_map: which id is which class.
        name: what the mask is called in error messages, a path for instance.

    Raises:
        RecordError: it is no whole PNG of ids, or holds an id outside the label map.
    """
    bits, color_type = _check_header(encoded, name)
    try:
        bare = bare_png(encoded)
        # Strict, as the readers of records are; Pillow fills what is missing in a PNG with zeros.
        ids = tf.io.decode_png(bare, channels=1).numpy()[..., 0]
    except (ValueError, tf.errors.OpError) as error:
        raise RecordError(name, _BROKEN) from error
    if bits < 8:  # grey levels of few bits are scaled up to 0..255
        ids //= 255 // (2**bits - 1)
    counts = np.bincount(ids.ravel(), minlength=256)
    present = np.flatnonzero(counts)
    indices = label_map.lookup[present]
    if (indices == INVALID).any():
        unknown = present[indices == INVALID]
        kind = "mask ids outside the label map"
        raise RecordError(name, kind, f"{kind}: {_list(unknown)}; expected {_expected(label_map)}")
    is_index = np.array_equal(indices, present)
    by_class = np.zeros_like(counts)
    by_class[indices] = counts[present]
    return DecodedMask(
        classes=ids if is_index else label_map.lookup.astype(np.uint8)[ids],
        counts=by_class,
        png=bare if is_index and bits == 8 else None,
        is_palette=color_type == PALETTE,
        is_mapped=not is_index,
    )


def _check_header(encoded: bytes, name: str) -> tuple[int, int]:
    """(bits, colour type) of a PNG that may be a mask."""
    if not encoded.startswith(_START):
        kind = "cannot read the mask, expected a PNG"
        raise RecordError(name, kind, f"{kind}, got bytes that start with {encoded[:8]!r}")
    if len(encoded) < 33:
        raise RecordError(name, _BROKEN)
    width, height, bits, color_type = struct.unpack_from(">IIBB", encoded, len(_START))
    # With fewer bits a grey level is scaled up to 0..255: of 4 bits, id 15 would come out as void.
    if color_type != PALETTE and (color_type, bits) != (GREY, 8):
        kind = "expected a palette or 8-bit greyscale PNG of class ids"
        raise RecordError(name, kind, f"{kind}, got mode {_MODES.get(color_type, '?')}, {bits}-bit")
    if bits not in (1, 2, 4, 8) or not width * height:
        raise RecordError(name, _BROKEN)
    if width * height > MAX_PIXELS:
        kind = f"the mask is too large, at most {MAX_PIXELS} pixels are read"
        raise RecordError(name, kind, f"{width}x{height} pixels, at most {MAX_PIXELS} are read")
    return bits, color_type


def _expected(label_map: LabelMap) -> str:
    low, high = min(label_map.ids), max(label_map.ids)
    is_range = len(label_map) == high - low + 1
    return f"{f'{low}..{high}' if is_range else _list(sorted(label_map.ids))} or {label_map.void_id} (void)"


def _list(ids: Sequence[int] | np.ndarray, most: int = 5) -> str:
    return f"{', '.join(map(str, ids[:most]))}{', …' if len(ids) > most else ''}"
