"""What TensorBoard shows of a training, while it runs and afterwards."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from models.tensorboard.draw_predictions import DrawPredictions
from models.tensorboard.event_files import EventFiles
from models.training.held_out_validation import HeldOutValidation
from models.training.pixel_counts import PixelCounts
from models.training.training_log import TrainingLog
from schema import scores

_EVERY = 10  # steps between points of a curve


class TensorBoardEvents(keras.callbacks.Callback):
    """Writes curves, and pictures where held-out images are measured, or else where checkpoints are written.

    A point of the training's curves stands for the steps since the last. (Of the mean IoU, the first one behind a
    restart stands for those since the restart.)

    Args:
        files: where to.
        draw: the pictures; its network gets the trained weights.
        names: of the classes, `[C]`.
        checkpoint_every: steps between checkpoints.
        steps: of the whole training.
        log: of the training, ahead of this in the list of callbacks.
        counts: a metric of the model that trains.
        validation: ahead of this as well; None where no images are held out.
    """

    def __init__(
        self,
        files: EventFiles,
        draw: DrawPredictions,
        names: Sequence[str],
        *,
        checkpoint_every: int,
        steps: int,
        log: TrainingLog,
        counts: PixelCounts,
        validation: HeldOutValidation | None,
    ) -> None:
        super().__init__()
        self.files = files
        self.draw = draw
        self.names = names
        self.checkpoint_every = checkpoint_every
        self.steps = steps
        self.log = log
        self.counts = counts
        self.validation = validation
        self._counted: npt.NDArray[np.int64] | int = 0

    def on_train_begin(self, logs: dict | None = None) -> None:
        self.files.restart(len(self.log.steps))

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        step = len(self.log.steps)
        last = step == self.steps or self.model.stop_training
        checkpoint = step % self.checkpoint_every == 0
        validation = self.validation.at(step) if self.validation else None
        writer = self.files.writer(step)
        with writer.as_default(step):
            if step % _EVERY == 0 or last:
                self._write_curves(step)
            if validation:
                self._write({"loss": validation.loss, "mean_iou": validation.mean_iou}, "held_out")
                self._write(dict(zip(self.names, validation.iou, strict=True)), "held_out_iou")
            if validation or (self.validation is None and (checkpoint or last)):
                self.draw.network.set_weights(self.model.get_weights())
                group = "held_out" if validation else "training"
                tf.summary.image(f"{group}/image, label, prediction", self.draw(), max_outputs=len(self.draw.samples))
        writer.flush()
        if checkpoint or last:
            self.files.end()

    def _write_curves(self, step: int) -> None:
        recent = self.log.steps[(step - 1) // _EVERY * _EVERY :]
        counts = self.counts.matrix()
        mean_iou = scores.mean_iou(counts - self._counted)
        self._counted = counts
        loss, rate = fmean(done.loss for done in recent), recent[-1].learning_rate
        self._write({"loss": loss, "learning_rate": rate, "mean_iou": mean_iou}, "training")

    def _write(self, values: Mapping[str, float], group: str) -> None:
        for name, value in values.items():
            if math.isfinite(value):
                tf.summary.scalar(f"{group}/{name}", value)
