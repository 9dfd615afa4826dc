"""How the IoU of the images, or another share, spreads, ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.segmentation_metrics.image_statistics import image_statistics

_BINS = 20


@dataclass(frozen=True)
class Histogram:
    """Args:
    counts: images by IoU, in 20 bins of 0.05; the last one has 1 in it.
    images: that have an IoU.
    void: images that have none.
    mean: of the images that have one.
    std: standard deviation of these.
    median: of these.
    """

    counts: list[int]
    images: int
    void: int
    mean: float
    std: float
    median: float


def histogram(scores: Sequence[float]) -> Histogram | None:
    """Returns None where no image has a score.

    Args:
        scores: IoU of each image, 0..1; nan is left out.
    """
    values = np.asarray(scores, np.float64)
    defined = values[~np.isnan(values)]
    if not defined.size:
        return None
    statistics = image_statistics(defined)
    bins = (defined * _BINS).round(9).astype(int).clip(0, _BINS - 1)  # rounded: 0.6 belongs to the bin it opens
    return Histogram(
        counts=np.bincount(bins, minlength=_BINS).tolist(),
        images=defined.size,
        void=values.size - defined.size,
        mean=statistics["mean"],
        std=statistics["std"],
        median=statistics["p50"],
    )
