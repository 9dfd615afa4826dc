"""From pixel counts to scores, for what is measured while training runs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def iou_scores(counts: npt.NDArray[np.int64]) -> tuple[float, npt.NDArray[np.float64]]:
    """Intersection over union, with the definition of the Evaluator.

    Args:
        counts: `[C, C]` pixels, rows = truth, columns = prediction.

    Returns:
        The mean over the classes that the truth has, nan where it has none, and each class's, `[C]`, nan where the
        truth lacks it.
    """
    hits, truth, predicted = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    present = truth > 0
    classes = np.divide(hits, truth + predicted - hits, out=np.full(len(counts), np.nan), where=present)
    return (float(classes[present].mean()) if present.any() else float("nan")), classes
