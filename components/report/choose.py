"""Which images of a split the report shows."""

from __future__ import annotations

import math
from collections.abc import Sequence

GOOD, AVERAGE, FAILED = "good", "average", "failed"


def choose(scores: Sequence[float], count: int) -> dict[str, list[int]]:
    """The best images, those around the median and the worst; none twice.

    Args:
        scores: one an image; nan leaves the image out. Of equal ones, the earlier image counts as the better.
        count: how many in all, at most; by thirds, of which the average gives way first and the failed next.

    Returns:
        Positions in `scores` by `GOOD`, `AVERAGE` and `FAILED`, each from the best down to the worst.
    """
    ranked = sorted((at for at, score in enumerate(scores) if not math.isnan(score)), key=lambda at: (-scores[at], at))
    shown = min(count, len(ranked))
    good, failed = math.ceil(shown / 3), math.ceil((shown - 1) / 3)
    average = shown - good - failed
    start = max((len(ranked) - average) // 2, good)
    return {
        GOOD: ranked[:good],
        AVERAGE: ranked[start : start + average],
        FAILED: ranked[len(ranked) - failed :],
    }
