"""The training loss."""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import ops

from schema.record import VOID


class SegmentationLoss(keras.losses.Loss):
    """Softmax cross-entropy at the labels' resolution, if asked for with soft Dice; void pixels do not count.

    Logits are up-sampled bilinearly to the labels, and everything is computed in float32 whatever they come in.

    The cross-entropy is a mean over all valid pixels of a batch (weighted by class where weights are given), so an
    image that is mostly void pulls no harder than its pixels. Of these, `hard_pixels` keeps the hardest: bootstrapping
    (Wu et al. 2016, arXiv 1605.06885) as DeepLab's `top_k_percent_pixels` does it, ranked by weighted cross-entropy
    over the batch. The mean divides by the weights of what is kept, so that 1 is the plain mean.

    The Dice loss (V-Net, Milletari et al. 2016, arXiv 1606.04797: squares below the line) is taken of each class over
    the pixels of the whole batch, as nnU-Net's `batch_dice` does (Isensee et al. 2021), and averaged over the classes
    that the batch's labels have. Neither class weights nor `hard_pixels` touch it.

    Both are 0 where a batch is all void. With several devices, the batch is a device's share of it.

    Args:
        class_weights: one weight a class; by default 1 each.
        hard_pixels: the share, 0 < x <= 1, of a batch's valid pixels whose cross-entropy counts.
        dice: the weight of the Dice loss beside the cross-entropy; 0 leaves it out.
    """

    def __init__(
        self,
        class_weights: Sequence[float] | None = None,
        *,
        hard_pixels: float = 1.0,
        dice: float = 0.0,
        name: str = "segmentation_loss",
    ) -> None:
        super().__init__(name=name, dtype="float32")
        self.class_weights = None if class_weights is None else [float(weight) for weight in class_weights]
        self.hard_pixels = hard_pixels
        self.dice = dice

    def call(self, y_true: keras.KerasTensor, y_pred: keras.KerasTensor) -> keras.KerasTensor:
        """`[B, H, W]` class indices and `[B, h, w, C]` logits -> `[] float32`."""
        labels = ops.cast(y_true, "int32")
        logits = ops.image.resize(ops.cast(y_pred, "float32"), labels.shape[1:3], interpolation="bilinear")
        valid = ops.not_equal(labels, VOID)
        labels = ops.where(valid, labels, 0)
        weights = ops.cast(valid, "float32")
        if self.class_weights is not None:
            weights = weights * ops.take(ops.array(self.class_weights, "float32"), labels)
        losses = ops.sparse_categorical_crossentropy(labels, logits, from_logits=True) * weights
        if self.hard_pixels < 1:
            losses, weights = _hardest(losses, weights, valid, self.hard_pixels)
        loss = ops.divide_no_nan(ops.sum(losses), ops.sum(weights))
        return loss + self.dice * _dice_loss(labels, logits, valid) if self.dice else loss


def _hardest(
    losses: keras.KerasTensor, weights: keras.KerasTensor, valid: keras.KerasTensor, share: float
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The greatest losses, that share of the valid ones rounded up, and their weights: `[B * H * W]`, then zeros."""
    order = ops.argsort(ops.ravel(ops.where(valid, -losses, 1.0)))  # losses are not below 0: void comes last
    count = ops.cast(ops.ceil(share * ops.sum(ops.cast(valid, "float32"))), "int32")
    kept = ops.cast(ops.arange(ops.size(order), dtype="int32") < count, "float32")
    return ops.take(losses, order) * kept, ops.take(weights, order) * kept


def _dice_loss(labels: keras.KerasTensor, logits: keras.KerasTensor, valid: keras.KerasTensor) -> keras.KerasTensor:
    """`[B, H, W]` class indices, `[B, H, W, C]` logits and `[B, H, W] bool` -> `[] float32`, 0..1."""
    mask = ops.cast(valid, "float32")[..., None]
    truth = ops.one_hot(labels, logits.shape[-1]) * mask
    guess = ops.softmax(logits) * mask
    pixels = ops.sum(truth, axis=(0, 1, 2))
    both = ops.sum(truth * guess, axis=(0, 1, 2))
    scores = ops.divide_no_nan(2 * both, ops.sum(ops.square(guess), axis=(0, 1, 2)) + pixels)
    present = ops.cast(pixels > 0, "float32")
    return ops.divide_no_nan(ops.sum((1 - scores) * present), ops.sum(present))
