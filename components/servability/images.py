"""Images that a server meets sooner or later."""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
from PIL import Image

_MODES = {"RGB": 3, "RGBA": 4, "L": 1}


class Case(NamedTuple):
    """Args:
    name: what it is called in a verdict.
    encoded: the bytes.
    size: height and width of the mask that is due.
    """

    name: str
    encoded: bytes
    size: tuple[int, int]


def images() -> list[Case]:
    """Of odd sizes and kinds, from one pixel to twelve million."""
    return [
        _case("an image of 1x1", 1, 1, "PNG"),
        _case("an image of odd sides", 333, 501, "JPEG"),
        _case("a narrow image", 1200, 7, "PNG"),
        _case("a greyscale JPEG", 120, 90, "JPEG", "L"),
        _case("a greyscale PNG", 90, 120, "PNG", "L"),
        _case("a PNG with alpha", 64, 48, "PNG", "RGBA"),
        _case("an image of 4000x3000", 3000, 4000, "JPEG"),
    ]


def _case(name: str, height: int, width: int, form: str, mode: str = "RGB") -> Case:
    """Smooth colours, always the same."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    waves = [128 + 127 * np.sin(x / (23 + 9 * channel) + y / 31 + channel) for channel in range(_MODES[mode])]
    pixels = np.stack(waves, axis=-1).astype(np.uint8)
    encoded = io.BytesIO()
    Image.fromarray(pixels[..., 0] if mode == "L" else pixels).save(encoded, form)
    return Case(name, encoded.getvalue(), (height, width))
