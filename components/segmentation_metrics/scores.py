"""Scores derived from a confusion matrix `[C, C]` or `[C, C + 1]` int64, as `confusion_matrix` returns it."""

import numpy as np
import numpy.typing as npt


def iou(matrix: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Returns intersection over union, `[C]` float64; nan for a class that the truth does not have.

    Others give 0 to a class that is absent from the truth and predicted somewhere, so that one stray pixel moves the
    mean by 1/C. Here such a pixel costs what it costs: it is a miss of the class that is there.
    """
    hits, truth = matrix.diagonal(), matrix.sum(axis=1)
    union = truth + matrix[:, : len(matrix)].sum(axis=0) - hits
    return np.divide(hits, union, out=np.full(len(matrix), np.nan), where=truth > 0)


def counted_classes(matrix: npt.NDArray[np.int64]) -> int:
    """Returns how many classes have a defined IoU, and so count in `mean_iou`."""
    return int(np.count_nonzero(~np.isnan(iou(matrix))))


def mean_iou(matrix: npt.NDArray[np.int64]) -> float:
    """Returns the IoU averaged over the classes where it is defined; nan where there are none."""
    defined = iou(matrix)
    defined = defined[~np.isnan(defined)]
    return float(defined.mean()) if defined.size else float("nan")


def pixel_accuracy(matrix: npt.NDArray[np.int64]) -> float:
    """Returns the share of labelled pixels that are predicted right; nan where there are none."""
    pixels = matrix.sum()
    return float(matrix.trace() / pixels) if pixels else float("nan")
