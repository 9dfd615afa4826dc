"""The training loss."""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import ops

from schema.record import VOID


class VoidCrossEntropy(keras.losses.Loss):
    """Softmax cross-entropy at the labels' resolution; void pixels do not count.

    Logits are up-sampled bilinearly to the labels. The mean runs over all valid pixels of a batch (weighted by class
    where weights are given), so an image that is mostly void pulls no harder than its pixels; it is 0 where a batch
    is all void.

    Args:
        class_weights: one weight a class; by default 1 each.
    """

    def __init__(self, class_weights: Sequence[float] | None = None, name: str = "void_cross_entropy") -> None:
        super().__init__(name=name)
        self.class_weights = None if class_weights is None else [float(weight) for weight in class_weights]

    def call(self, y_true: keras.KerasTensor, y_pred: keras.KerasTensor) -> keras.KerasTensor:
        """`[B, H, W]` class indices and `[B, h, w, C]` logits -> `[] float32`."""
        labels = ops.cast(y_true, "int32")
        logits = ops.image.resize(y_pred, labels.shape[1:3], interpolation="bilinear")
        valid = ops.not_equal(labels, VOID)
        labels = ops.where(valid, labels, 0)
        weights = ops.cast(valid, "float32")
        if self.class_weights is not None:
            weights = weights * ops.take(ops.array(self.class_weights, "float32"), labels)
        losses = ops.sparse_categorical_crossentropy(labels, logits, from_logits=True)
        return ops.divide_no_nan(ops.sum(losses * weights), ops.sum(weights))


def balanced_weights(class_pixels: Sequence[int], exponent: float) -> list[float]:
    """Median-frequency weights, softened.

    After Eigen and Fergus 2015 (arXiv 1411.4734, section 6.3.2), but with frequencies over the pixels of all images,
    not only of those that show the class.

    Args:
        class_pixels: training pixels of each class; one that never occurs weighs 1.
        exponent: 0 gives 1 everywhere, 1 weighs all classes alike in sum, 0.5 lies between.

    Returns:
        (median / pixels) ** exponent for each class, the median over the classes that occur.
    """
    occurring = sorted(int(count) for count in class_pixels if count)
    if not occurring:
        return [1.0] * len(class_pixels)
    half = len(occurring) // 2
    median = occurring[half] if len(occurring) % 2 else (occurring[half - 1] + occurring[half]) / 2
    return [(median / int(count)) ** exponent if count else 1.0 for count in class_pixels]
