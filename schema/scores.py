"""Scores derived from a confusion matrix `[C, C]` or `[C, C + 1]` int64, as `confusion_matrix` returns it.

A class that the truth does not have is undefined, nan, and left out of every mean over classes. Others give 0 to a
class that is absent from the truth and predicted somewhere, so that one stray pixel moves the mean by 1/C. Here such
a pixel costs what it costs: it is a miss of the class that is there.
"""

import numpy as np
import numpy.typing as npt

_Matrix = npt.NDArray[np.int64]
_PerClass = npt.NDArray[np.float64]


def iou(matrix: _Matrix) -> _PerClass:
    """Returns intersection over union, `[C]` float64; nan for a class that the truth does not have."""
    hits, truth, predicted = _counts(matrix)
    return _ratio(hits, truth + predicted - hits, where=truth > 0)


def dice(matrix: _Matrix) -> _PerClass:
    """Returns the Dice coefficient, which is F1 of pixels, `[C]` float64; nan for a class that the truth lacks."""
    hits, truth, predicted = _counts(matrix)
    return _ratio(2 * hits, truth + predicted, where=truth > 0)


def recall(matrix: _Matrix) -> _PerClass:
    """Returns the share of a class's pixels that are found, `[C]` float64; nan for a class that the truth lacks."""
    hits, truth, _ = _counts(matrix)
    return _ratio(hits, truth, where=truth > 0)


def precision(matrix: _Matrix) -> _PerClass:
    """Returns the share of pixels predicted as a class that are it, `[C]` float64; nan where there are none."""
    hits, _, predicted = _counts(matrix)
    return _ratio(hits, predicted, where=predicted > 0)


def counted_classes(matrix: _Matrix) -> int:
    """Returns how many classes the truth has, and so count in the means."""
    return int(np.count_nonzero(matrix.sum(axis=1)))


def mean_iou(matrix: _Matrix) -> float:
    """Returns the IoU averaged over the classes that the truth has; nan where there are none."""
    return _mean(iou(matrix))


def foreground_mean_iou(matrix: _Matrix, background: int | None = 0) -> float:
    """Returns `mean_iou` without the class `background`; None says that every class is foreground."""
    ious = iou(matrix)
    return _mean(ious if background is None else np.delete(ious, background))


def mean_accuracy(matrix: _Matrix) -> float:
    """Returns the recall averaged over the classes that the truth has; nan where there are none."""
    return _mean(recall(matrix))


def fw_iou(matrix: _Matrix) -> float:
    """Returns the IoU averaged over labelled pixels, each with its true class's; nan where there are none."""
    truth = matrix.sum(axis=1)
    pixels = truth.sum()
    return float((truth * np.nan_to_num(iou(matrix))).sum() / pixels) if pixels else float("nan")


def pixel_accuracy(matrix: _Matrix) -> float:
    """Returns the share of labelled pixels that are predicted right; nan where there are none."""
    pixels = matrix.sum()
    return float(matrix.trace() / pixels) if pixels else float("nan")


def _counts(matrix: _Matrix) -> tuple[_Matrix, _Matrix, _Matrix]:
    """Hits, pixels in the truth and pixels in the prediction of each class."""
    return matrix.diagonal(), matrix.sum(axis=1), matrix[:, : len(matrix)].sum(axis=0)


def _ratio(part: _Matrix, whole: _Matrix, where: npt.NDArray[np.bool_]) -> _PerClass:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=where)


def _mean(per_class: _PerClass) -> float:
    defined = per_class[~np.isnan(per_class)]
    return float(defined.mean()) if defined.size else float("nan")
