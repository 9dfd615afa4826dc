"""Says how training goes."""

from __future__ import annotations

import logging
import time
from statistics import fmean

import keras
import numpy as np
import numpy.typing as npt

from models.training.pixel_counts import PixelCounts
from models.training.training_log import TrainingLog
from schema import scores

_LOG = logging.getLogger("segpipe.training")
_INTERVAL = 10.0  # seconds between lines


class TrainingProgress(keras.callbacks.Callback):
    """Logs step, loss and mean IoU of the steps since the last line, images a second and the time left.

    Args:
        steps: of the whole training.
        batch_size: images a step.
        log: of this training, ahead of this in the list of callbacks.
        counts: a metric of the model that trains.
    """

    def __init__(self, steps: int, batch_size: int, log: TrainingLog, counts: PixelCounts) -> None:
        super().__init__()
        self.steps = steps
        self.batch_size = batch_size
        self.log = log
        self.counts = counts
        self._counted: npt.NDArray[np.int64] | int = 0

    def on_train_begin(self, logs: dict | None = None) -> None:
        if self.log.steps:
            _LOG.info("resuming at step %d of %d", len(self.log.steps), self.steps)
        self._said_at, self._said_step = time.monotonic(), len(self.log.steps)

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        step, now = len(self.log.steps), time.monotonic()
        if batch > 0 and now - self._said_at < _INTERVAL and step < self.steps:
            return
        recent = self.log.steps[self._said_step :]
        counts = self.counts.matrix()
        mean_iou = scores.mean_iou(counts - self._counted)
        parts = [
            f"step {step}/{self.steps}",
            f"loss {fmean(done.loss for done in recent):.3f}",
            f"mIoU {mean_iou:.3f}",
        ]
        if batch > 0:  # the first took the making of the graph as well: no rate to go by
            rate = len(recent) / max(now - self._said_at, 1e-9)
            parts += [f"{rate * self.batch_size:.1f} images/s", f"{_duration((self.steps - step) / rate)} left"]
        _LOG.info("  ".join(parts))
        self._said_at, self._said_step, self._counted = now, step, counts


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
