"""The confusion matrix of what a network predicts, kept on the device."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from schema.record import VOID


class PixelCounts(keras.metrics.Metric):
    """Counts pixels by true and predicted class; void is left out.

    It counts at the resolution of the logits, for which labels are thinned out: at a quarter of the labels' sides,
    one pixel in sixteen, which costs next to nothing. Readers that want the counts of late subtract earlier ones.

    Args:
        num_classes: C.
    """

    def __init__(self, num_classes: int, name: str = "pixel_counts") -> None:
        super().__init__(name=name)
        self.num_classes = num_classes
        self.counts = self.add_variable((num_classes**2,), "zeros", "int64", name="counts")

    def update_state(self, y_true: keras.KerasTensor, y_pred: keras.KerasTensor, sample_weight: Any = None) -> None:
        """`[B, H, W]` class indices, 255 = void, and `[B, h, w, C]` logits, h and w dividing H and W."""
        rows, columns = y_true.shape[1] // y_pred.shape[1], y_true.shape[2] // y_pred.shape[2]
        labels = ops.cast(y_true[:, rows // 2 :: rows, columns // 2 :: columns], "int32")
        index = labels * self.num_classes + ops.cast(ops.argmax(y_pred, axis=-1), "int32")
        # Void gets the bin behind the last, cut off afterwards.
        index = ops.where(ops.equal(labels, VOID), self.num_classes**2, index)
        index = ops.reshape(index, [-1])
        counts = ops.segment_sum(ops.ones_like(index), index, self.num_classes**2 + 1)
        self.counts.assign_add(ops.cast(counts[:-1], "int64"))

    def result(self) -> keras.KerasTensor:
        """`[] float32`: the share of pixels that are right."""
        counts = ops.cast(ops.reshape(self.counts, [self.num_classes, self.num_classes]), "float32")
        return ops.divide_no_nan(ops.sum(ops.diagonal(counts)), ops.sum(counts))

    def matrix(self) -> npt.NDArray[np.int64]:
        """`[C, C]`, rows = truth, columns = prediction."""
        return ops.convert_to_numpy(self.counts).reshape(self.num_classes, self.num_classes)
