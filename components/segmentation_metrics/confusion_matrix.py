"""Counts which class was predicted where which class was true."""

import numpy as np
import numpy.typing as npt

from schema.record import MAX_CLASSES

_Ids = npt.NDArray[np.integer]


def confusion_matrix(truth: _Ids, prediction: _Ids, num_classes: int, void: int = 255) -> npt.NDArray[np.int64]:
    """Returns the pixel counts `[C, C + 1]` int64, rows = truth, columns = prediction.

    Pixels whose truth is void are left out. The last column counts the pixels of a class where the prediction is no
    class at all (void, or an id >= C): a model that abstains misses these pixels, so they are false negatives and
    stay in the union of their true class, while no class has them as false positives.

    Args:
        truth: Class ids, any shape; uint8 is fastest.
        prediction: Class ids, of the same shape.
        num_classes: C, 1..255.
        void: The id left out of the truth, 0..255. Where it is < C, that class counts as undefined.

    Raises:
        ValueError: The shapes differ, an id in the truth is not in the label map, or an argument is out of range.
    """
    if not 1 <= num_classes <= MAX_CLASSES:
        raise ValueError(f"num_classes must be 1..{MAX_CLASSES}, got {num_classes}")
    if not 0 <= void <= 255:
        raise ValueError(f"void must be 0..255, got {void}")
    if truth.shape != prediction.shape:
        raise ValueError(f"truth has shape {list(truth.shape)}, but prediction has shape {list(prediction.shape)}")

    truth, prediction, lengths = _runs(truth.ravel(), prediction.ravel())
    foreign = ((truth < 0) | (truth >= num_classes)) & (truth != void)
    if foreign.any():
        ids = ", ".join(map(str, np.unique(truth[foreign])[:5]))
        raise ValueError(f"the truth has id {ids}; the label map has 0..{num_classes - 1} and void {void}")

    # Void gets a row of its own, cut off afterwards. (C + 1)² bins fit 16 bits: bincount's 64 would cost more here.
    bins = num_classes + 1
    index = _class_or_none(truth, num_classes, void).astype(np.uint16)
    index *= np.uint16(bins)
    index += _class_or_none(prediction, num_classes, void)
    counts = np.bincount(index, lengths, minlength=bins * bins)
    return counts.reshape(bins, bins)[:num_classes].astype(np.int64)


def _runs(truth: _Ids, prediction: _Ids) -> tuple[_Ids, _Ids, npt.NDArray[np.intp] | None]:
    """Shortens `[N]` masks to the last pixel of each run of equal pairs, with the lengths of the runs.

    Masks are mostly long runs, and to find those takes a fraction of the time that bincount takes to visit every
    pixel. Where runs are short, as in noise, the pixels come back as they are; None says that each counts once.
    """
    breaks = truth[1:] != truth[:-1]
    breaks |= prediction[1:] != prediction[:-1]
    if 8 * (np.count_nonzero(breaks) + 1) > truth.size:
        return truth, prediction, None
    bounds = np.concatenate([[-1], np.flatnonzero(breaks), [truth.size - 1]])
    ends = bounds[1:]
    return truth[ends], prediction[ends], ends - bounds[:-1]


def _class_or_none(ids: _Ids, num_classes: int, void: int) -> npt.NDArray[np.uint8]:
    """Gives C to all that is no class."""
    if ids.dtype != np.uint8:
        ids = np.where((ids >= 0) & (ids < num_classes), ids, np.uint8(num_classes))
    classes = np.minimum(ids, np.uint8(num_classes)).astype(np.uint8, copy=False)
    if void < num_classes:
        classes[classes == void] = num_classes
    return classes
