"""Images that have the same name, or the same pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from components.leak_guard.finding import Finding, Pair
from components.leak_guard.tally import Counts


def repeats(images: Counts, splits: Sequence[str], shared: str, repeated: str) -> Iterator[Finding]:
    """One finding of the kind `shared` for every two splits, and one of `repeated` for every split with two images.

    Args:
        images: those that are the same, by split: how many, and at least two of the names where there are two.
        splits: all splits, in the order in which pairs name them.
        shared: the kind for images in two splits.
        repeated: the kind for images that one split has twice.
    """
    here = [split for split in splits if split in images]
    for one, other in combinations(here, 2):
        yield Finding(shared, 1, Pair(0, (one, images[one][1][0]), (other, images[other][1][0])))
    for split in here:
        count, names = images[split]
        if count > 1:
            yield Finding(repeated, 1, Pair(0, (split, names[0]), (split, names[1])))
