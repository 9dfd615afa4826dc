"""Spoils any bytes."""

from __future__ import annotations

import numpy as np


def spoil_bytes(random: np.random.Generator, data: bytes) -> bytes:
    """Up to four places of it are taken away, filled in, cut off or replaced."""
    spoilt = bytearray(data)
    for _ in range(random.integers(1, 5)):
        at = int(random.integers(len(spoilt) + 1))
        match random.integers(5):
            case 0:
                del spoilt[at : at + int(random.integers(1, 9))]
            case 1:
                spoilt[at:at] = random.bytes(int(random.integers(1, 9)))
            case 2:
                del spoilt[at:]
            case _:
                spoilt[at : at + 1] = random.bytes(1)
    return bytes(spoilt)
