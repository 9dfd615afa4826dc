"""Measures the network on held-out images while it trains, keeps the best weights and knows when to stop."""

from __future__ import annotations

import csv
import logging
from collections.abc import Sequence

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from keras import ops

from models.training.pixel_counts import PixelCounts
from models.training.training_log import TrainingLog
from models.training.validation import Validation
from schema import scores
from schema.record import VOID
from schema.user_error import UserError

_LOG = logging.getLogger("segpipe.training")


class HeldOutValidation(keras.callbacks.Callback):
    """Measures every so many steps and after the last; goes behind `DivergenceGuard` and before `Checkpoints`.

    `validations` and `best_weights` (as `get_weights` gives them, of the greatest mean IoU, the first of equals) are
    the state that a restart needs.

    Args:
        network: of the size of evaluation; gets the trained weights.
        data: images `[1, H, W, 3] float32, 0..255` and labels `[1, H, W] int64`, 255 = void.
        num_classes: C.
        steps: of the whole training.
        every: steps between measurements.
        patience: measurements without a better mean IoU that end the training; None for no end.
        log: of this training, ahead of this in the list of callbacks.
    """

    def __init__(
        self,
        network: keras.Model,
        data: tf.data.Dataset,
        num_classes: int,
        *,
        steps: int,
        every: int,
        patience: int | None,
        log: TrainingLog,
    ) -> None:
        super().__init__()
        self.network = network
        self.data = data
        self.steps = steps
        self.every = every
        self.patience = patience
        self.log = log
        self.validations: list[Validation] = []
        self.best_weights: list[npt.NDArray] = []
        self._counts = PixelCounts(num_classes)
        self._measure = tf.function(self._measure_one, autograph=False)

    @property
    def best(self) -> Validation | None:
        """The first of the greatest mean IoU."""
        return max(self.validations, key=lambda validation: validation.mean_iou, default=None)

    @property
    def stopped(self) -> bool:
        """Whether patience is at an end."""
        if self.patience is None or self.best is None:
            return False
        return len(self.validations) - 1 - self.validations.index(self.best) >= self.patience

    def at(self, step: int) -> Validation | None:
        """The measurement of the newest step, if it is this one."""
        newest = self.validations[-1] if self.validations else None
        return newest if newest and newest.step == step else None

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Raises UserError when the held-out images are all void."""
        step = len(self.log.steps)
        if step % self.every and step != self.steps:
            return
        weights = self.model.get_weights()
        self.network.set_weights(weights)
        validation = self._validation(step)
        self.validations.append(validation)
        best = self.best or validation
        if best is validation:
            self.best_weights = weights
        _LOG.info(
            "held-out images at step %d  loss %.3f  mIoU %.3f  %s",
            step,
            validation.loss,
            validation.mean_iou,
            "best so far" if best is validation else f"best {best.mean_iou:.3f} at step {best.step}",
        )
        if self.stopped:
            _LOG.info("no better mIoU in %d measurements: training ends at step %d", self.patience, step)
            self.model.stop_training = True

    def save(self, path: str, names: Sequence[str]) -> None:
        """Writes a CSV file with a header, `iou/NAME` for each class; `path` is any that `tf.io.gfile` knows."""
        with tf.io.gfile.GFile(path, "w") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*Validation._fields[:-1], *(f"iou/{name}" for name in names)])
            writer.writerows([*validation[:-1], *validation.iou] for validation in self.validations)

    def _validation(self, step: int) -> Validation:
        self._counts.reset_state()
        losses, pixels = zip(*(self._measure(*example) for example in self.data), strict=True)
        matrix = self._counts.matrix()
        mean_iou = scores.mean_iou(matrix)
        if np.isnan(mean_iou):
            raise UserError(
                f"training.held_out: the {len(losses)} images held out have no pixel of any class, all is void; "
                "give a greater share"
            )
        return Validation(step, float(np.average(losses, weights=pixels)), mean_iou, tuple(scores.iou(matrix).tolist()))

    def _measure_one(self, image: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Loss and number of valid pixels, both `[]`."""
        logits = self.network(image, training=False)
        self._counts.update_state(label, ops.image.resize(logits, label.shape[1:3], interpolation="bilinear"))
        return self.model.loss(label, logits), tf.math.count_nonzero(label != VOID)
