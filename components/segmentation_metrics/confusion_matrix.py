"""Counts which class was predicted where which class was true."""

import numpy as np
import numpy.typing as npt

_BYTE = 256  # ids are bytes, so (truth, prediction) is 16 bits and every pair has a bin


def confusion_matrix(
    truth: npt.NDArray[np.integer], prediction: npt.NDArray[np.integer], num_classes: int, void: int = 255
) -> npt.NDArray[np.int64]:
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
    if not 1 <= num_classes < _BYTE:
        raise ValueError(f"num_classes must be 1..255, got {num_classes}")
    if not 0 <= void < _BYTE:
        raise ValueError(f"void must be 0..255, got {void}")
    if truth.shape != prediction.shape:
        raise ValueError(f"truth has shape {list(truth.shape)}, but prediction has shape {list(prediction.shape)}")
    if truth.dtype != np.uint8:
        _check_label_map(truth[(truth < 0) | (truth >= _BYTE)], num_classes, void)
    if prediction.dtype != np.uint8:
        prediction = np.where((prediction >= 0) & (prediction < num_classes), prediction, np.uint8(num_classes))

    # Nothing is masked or clipped pixel by pixel: void and foreign ids get bins of their own, sorted out afterwards.
    # 16 bits a pixel instead of bincount's 64 keeps the one temporary image small.
    pairs = truth.astype(np.uint16)
    pairs <<= 8
    pairs |= prediction.astype(np.uint8, copy=False)
    counts = np.bincount(pairs.ravel(), minlength=_BYTE * _BYTE).reshape(_BYTE, _BYTE)

    counts[void] = 0
    totals = counts.sum(axis=1)
    _check_label_map(np.flatnonzero(totals[num_classes:]) + num_classes, num_classes, void)
    matrix = np.empty((num_classes, num_classes + 1), np.int64)
    known = matrix[:, :num_classes]
    known[:] = counts[:num_classes, :num_classes]
    if void < num_classes:
        known[:, void] = 0
    matrix[:, num_classes] = totals[:num_classes] - known.sum(axis=1)
    return matrix


def _check_label_map(foreign: npt.NDArray[np.integer], num_classes: int, void: int) -> None:
    if foreign.size:
        ids = ", ".join(map(str, np.unique(foreign)[:5]))
        raise ValueError(f"the truth has id {ids}; the label map has 0..{num_classes - 1} and void {void}")
