"""How a score spreads over the images."""

from collections.abc import Iterable

import numpy as np

# Beside mean and standard deviation: the share of images that are not better.
_QUANTILES = {"min": 0.0, "p10": 0.1, "p50": 0.5, "p90": 0.9, "max": 1.0}

STATISTICS = ("mean", "std", *_QUANTILES)


def image_statistics(values: Iterable[float]) -> dict[str, float]:
    """Returns each of `STATISTICS` of one value per image; all nan where no image has one.

    An image whose value is nan is left out: it has no labelled pixel. The standard deviation describes these images
    (it divides by their number); quantiles are interpolated. The order of the images changes nothing, not a bit.
    """
    ordered = np.sort(np.fromiter(values, np.float64))
    ordered = ordered[~np.isnan(ordered)]
    if not ordered.size:
        return dict.fromkeys(STATISTICS, float("nan"))
    quantiles = np.quantile(ordered, list(_QUANTILES.values()))
    return {
        "mean": float(ordered.mean()),
        "std": float(ordered.std()),
        **dict(zip(_QUANTILES, quantiles.tolist(), strict=True)),
    }
