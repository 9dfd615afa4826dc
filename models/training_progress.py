"""Says how training goes, and stops it when the loss is lost."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping

import keras

from schema.user_error import UserError

_LOG = logging.getLogger("segpipe.training")
_INTERVAL = 10.0  # seconds between lines


class TrainingProgress(keras.callbacks.Callback):
    """Logs step, loss, images a second and the time left, every few seconds.

    Args:
        steps: of the whole training.
        batch_size: images a step.
        first_step: where `fit` starts.
    """

    def __init__(self, steps: int, batch_size: int, first_step: int) -> None:
        super().__init__()
        self.steps = steps
        self.batch_size = batch_size
        self.first_step = first_step

    def on_train_begin(self, logs: dict | None = None) -> None:
        if self.first_step:
            _LOG.info("resuming at step %d of %d", self.first_step, self.steps)
        self._said_at, self._said_batches, self._said_sum = time.monotonic(), 0, 0.0

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float]) -> None:
        """Raises UserError naming step and learning rate when the loss is not finite."""
        batches, step = batch + 1, self.first_step + batch + 1
        # Keras reports the mean over all batches so far; people want that over the last few.
        total = logs["loss"] * batches
        if not math.isfinite(total):
            rate = float(self.model.optimizer.learning_rate)
            raise UserError(
                f"the loss is {logs['loss']} at step {step}, learning rate {rate:.3g}; "
                "lower training.learning_rate, or see whether the data is as it should be"
            )
        now = time.monotonic()
        if batch == 0:
            # It took the making of the graph as well: no rate to go by.
            _LOG.info("step %d/%d  loss %.3f", step, self.steps, logs["loss"])
            self._said_at, self._said_batches, self._said_sum = now, batches, total
            return
        if now - self._said_at < _INTERVAL and step < self.steps:
            return
        recent = batches - self._said_batches
        rate = recent / max(now - self._said_at, 1e-9)
        _LOG.info(
            "step %d/%d  loss %.3f  %.1f images/s  %s left",
            step,
            self.steps,
            (total - self._said_sum) / recent,
            rate * self.batch_size,
            _duration((self.steps - step) / rate),
        )
        self._said_at, self._said_batches, self._said_sum = now, batches, total


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
