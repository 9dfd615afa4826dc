"""What the guard can find."""

from __future__ import annotations

from typing import NamedTuple

# Kinds of pairs: of two splits, and of one.
SHARED_NAMES, SHARED_PIXELS, NEAR_DUPLICATES = "shared_names", "shared_pixels", "near_duplicates"
REPEATED_NAMES, REPEATED_PIXELS = "repeated_names", "repeated_pixels"
PAIRS = (SHARED_NAMES, SHARED_PIXELS, NEAR_DUPLICATES, REPEATED_NAMES, REPEATED_PIXELS)

UNCOMPARED = "uncompared"  # pictures that near-duplicates were not looked for among all others of
IMAGES, FLAT = "images", "flat"  # by split: all, and those of one colour


class Pair(NamedTuple):
    """Two images, each as (split, name). In order, the nearest come first."""

    distance: int  # bits that their perceptual hashes differ in, 0 where names or pixels are the same
    first: tuple[str, str]
    second: tuple[str, str]


class Finding(NamedTuple):
    """Something to be counted.

    Args:
        kind: one of the above; `IMAGES` and `FLAT` with the split, as `images/train`.
        number: how many there are.
        pair: an example.
    """

    kind: str
    number: int
    pair: Pair | None = None
