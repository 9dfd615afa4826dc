"""How large the pictures of a page may be."""

from __future__ import annotations

import math

_MOST = 360  # pixels; sharp in a column of a page
_LEAST = 48
_PAGE = 6_000_000  # pixels of a page's pictures together: as JPEG and base64 two to four megabytes


def picture_side(pictures: int) -> int:
    """The longest side of each picture, in pixels, that keeps a page of so many small."""
    return max(_LEAST, min(_MOST, math.isqrt(_PAGE // max(1, pictures))))
