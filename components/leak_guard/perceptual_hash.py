"""A hash of what a picture looks like."""

from __future__ import annotations

import numpy as np
from PIL import Image

_SIDE, _LOW = 32, 8
_AT = np.arange(_SIDE)
# The lowest frequencies of a DCT-II, `[_LOW, _SIDE]`.
_DCT = np.cos(np.pi * np.arange(_LOW)[:, None] * (2 * _AT + 1) / (2 * _SIDE))


def perceptual_hash(pixels: np.ndarray) -> bytes:
    """64 bits that change little when the picture is scaled, compressed or made a little brighter.

    The DCT hash "pHash" of Christoph Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions",
    2010, section 3.2.1, in the common form: of the grey picture at 32x32, the 8x8 lowest frequencies, each a bit that
    says whether it is above the median of all but the mean. As many bits are set in every hash, so that the number of
    bits that two differ in is even.

    Args:
        pixels: `[H, W, 3] uint8`.

    Returns:
        8 bytes.
    """
    grey = Image.fromarray(pixels).convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    frequencies = (_DCT @ np.asarray(grey, np.float64) @ _DCT.T).ravel()
    return np.packbits(frequencies > np.median(frequencies[1:])).tobytes()
