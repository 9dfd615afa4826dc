"""Says how training goes, and stops it when the loss is lost."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping
from statistics import fmean

import keras

from models.training_log import TrainingLog
from schema.user_error import UserError

_LOG = logging.getLogger("segpipe.training")
_INTERVAL = 10.0  # seconds between lines


class TrainingProgress(keras.callbacks.Callback):
    """Logs step, loss, images a second and the time left, every few seconds.

    Args:
        steps: of the whole training.
        batch_size: images a step.
        log: of this training, ahead of this in the list of callbacks.
    """

    def __init__(self, steps: int, batch_size: int, log: TrainingLog) -> None:
        super().__init__()
        self.steps = steps
        self.batch_size = batch_size
        self.log = log

    def on_train_begin(self, logs: dict | None = None) -> None:
        if self.log.steps:
            _LOG.info("resuming at step %d of %d", len(self.log.steps), self.steps)
        self._said_at, self._said_step = time.monotonic(), len(self.log.steps)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float]) -> None:
        """Raises UserError naming step and learning rate when the loss is not finite."""
        step, loss, learning_rate = self.log.steps[-1]
        if not math.isfinite(loss):
            raise UserError(
                f"the loss is {loss} at step {step}, learning rate {learning_rate:.3g}; "
                "lower training.learning_rate, or see whether the data is as it should be"
            )
        now = time.monotonic()
        if batch == 0:
            # It took the making of the graph as well: no rate to go by.
            _LOG.info("step %d/%d  loss %.3f", step, self.steps, loss)
            self._said_at, self._said_step = now, step
            return
        if now - self._said_at < _INTERVAL and step < self.steps:
            return
        recent = self.log.steps[self._said_step :]
        rate = len(recent) / max(now - self._said_at, 1e-9)
        _LOG.info(
            "step %d/%d  loss %.3f  %.1f images/s  %s left",
            step,
            self.steps,
            fmean(done.loss for done in recent),
            rate * self.batch_size,
            _duration((self.steps - step) / rate),
        )
        self._said_at, self._said_step = now, step


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
