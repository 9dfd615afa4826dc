"""Sets images aside for evaluation, by their names."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from datasets.pair import Pair
from schema.user_error import UserError


def split_pairs(pairs: Sequence[Pair], val_fraction: float) -> dict[str, list[Pair]]:
    """Train and val, each in the order of `pairs`.

    A hash of its name decides where an image goes, so that it stays there when others come or go.

    Args:
        pairs: what there is.
        val_fraction: the share, about, that goes to val; above 0 and below 1.

    Raises:
        UserError: the share is none, or so few images are there that a split is empty.
    """
    if not 0 < val_fraction < 1:
        raise UserError(f"the val fraction must lie between 0 and 1, got {val_fraction:g}")
    splits: dict[str, list[Pair]] = {"train": [], "val": []}
    for pair in pairs:
        splits["val" if _place(pair.name) < val_fraction else "train"].append(pair)
    for split, of_split in splits.items():
        if not of_split:
            raise UserError(
                f"of {len(pairs)} images, a val fraction of {val_fraction:g} leaves none in {split}; "
                "expected more images or another fraction"
            )
    return splits


def _place(name: str) -> float:
    """0..1, as good as random."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64
