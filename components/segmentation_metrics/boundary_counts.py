"""Counts the pixels that boundary IoU compares."""

import itertools
import math

import numpy as np
import numpy.typing as npt

from components.segmentation_metrics.confusion_matrix import confusion_matrix

_Ids = npt.NDArray[np.integer]
_Mask = npt.NDArray[np.bool_]


def boundary_counts(
    truth: _Ids, prediction: _Ids, num_classes: int, void: int = 255, dilation_ratio: float = 0.02
) -> npt.NDArray[np.int64]:
    """Returns `[3, C]` int64: of each class the boundary pixels in the truth, in the prediction, and in both.

    The boundary of a class in a mask is what an erosion by d takes off it: its pixels with another class or the edge
    of the image at most d away, along rows and columns. d is `dilation_ratio` of the image's diagonal, rounded, and
    at least 1. So far Cheng et al. 2021, "Boundary IoU", https://arxiv.org/abs/2103.16562, and their code.

    Void is not in the paper. Here it is cut out of the prediction, too, before the boundaries are taken. So what is
    predicted there changes nothing, and a prediction that is right everywhere else has the boundaries of the truth.

    Args:
        truth: Class ids, `[H, W]`.
        prediction: Class ids, `[H, W]`. An id that is no class bounds classes, and has no boundary of its own.
        num_classes: C, 1..255.
        void: The id left out of the truth, 0..255.
        dilation_ratio: Of d to the diagonal.

    Raises:
        ValueError: As `confusion_matrix` does.
    """
    if truth.shape != prediction.shape:
        raise ValueError(f"truth has shape {list(truth.shape)}, but prediction has shape {list(prediction.shape)}")
    masks = np.stack([truth, prediction], dtype=np.int64, casting="unsafe")
    masks[1, masks[0] == void] = void
    distance = max(1, round(dilation_ratio * math.hypot(*truth.shape)))
    of_truth, of_prediction = (np.where(_boundary(ids, distance), ids, void) for ids in masks)

    matrix = confusion_matrix(of_truth, of_prediction, num_classes, void)
    is_class = (of_prediction >= 0) & (of_prediction < num_classes) & (of_prediction != void)
    predicted = np.bincount(of_prediction[is_class], minlength=num_classes)
    return np.stack([matrix.sum(axis=1), predicted, matrix.diagonal()])


def _boundary(ids: _Ids, distance: int) -> _Mask:
    """True where a pixel, or the outside, within `distance` along rows and columns is of another class."""
    height, width = ids.shape
    inner = np.zeros(ids.shape, np.bool_)
    inner[1:-1, 1:-1] = True
    for y, x in itertools.product(range(3), repeat=2):
        inner[1:-1, 1:-1] &= ids[1:-1, 1:-1] == ids[y : y + height - 2, x : x + width - 2]
    # Squares of 3 that are of one class overlap, so where all in reach are, all in reach are of the same one.
    return ~_erode_rows(_erode_rows(inner, distance - 1).T, distance - 1).T


def _erode_rows(mask: _Mask, radius: int) -> _Mask:
    """True where all pixels of the row within `radius` are true; the outside is false."""
    size = 2 * radius + 1
    sums = np.pad(mask, [(0, 0), (radius + 1, radius)]).cumsum(axis=1, dtype=np.int32)
    return sums[:, size:] - sums[:, :-size] == size
