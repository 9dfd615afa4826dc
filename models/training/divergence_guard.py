"""Stops a training that is lost."""

from __future__ import annotations

import math
from collections.abc import Sequence

import keras
from keras import ops

from models.training.training_log import TrainingLog
from schema.user_error import UserError


class DivergenceGuard(keras.callbacks.Callback):
    """Looks at the loss of every step, and at the weights of those that are measured, kept or exported.

    A step may have a loss and lose the weights. The next step would show it, but not if there is none, and by then
    the weights would be in a checkpoint, from which the same training would start again.

    Args:
        every: looks at the weights where any of these divides the step, ...
        steps: ... and after the last.
        log: of this training, ahead of this in the list of callbacks.
    """

    def __init__(self, every: Sequence[int], steps: int, log: TrainingLog) -> None:
        super().__init__()
        self.every = every
        self.steps = steps
        self.log = log

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Raises UserError naming step and learning rate when the loss or a weight is not finite."""
        step, loss, learning_rate = self.log.steps[-1]
        if not math.isfinite(loss):
            self._stop(f"the loss is {loss} at step {step}", learning_rate)
        looks = step == self.steps or not all(step % every for every in self.every)
        if looks and not all(bool(ops.all(ops.isfinite(weight))) for weight in self.model.weights):
            self._stop(f"the weights are no longer numbers after step {step}", learning_rate)

    def _stop(self, what: str, learning_rate: float) -> None:
        raise UserError(
            f"{what}, learning rate {learning_rate:.3g}; "
            "lower training.learning_rate, or see whether the data is as it should be"
        )
