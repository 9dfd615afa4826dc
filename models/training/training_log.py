"""What a training did, step by step."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import NamedTuple

import keras
import tensorflow as tf

FILE_NAME = "training_log.csv"  # in the Trainer's `model_run` output


class Step(NamedTuple):
    """Args:
    step: from 1.
    loss: of this step's batch.
    learning_rate: that the next step has.
    """

    step: int
    loss: float
    learning_rate: float


class TrainingLog(keras.callbacks.Callback):
    """Keeps every step in `steps`, those before a restart too, which `Checkpoints` brings back.

    Goes first of the callbacks: while it listens, `logs["loss"]` is the loss of the one step.
    """

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        # Keras would give the mean over all steps so far. (Other metrics go on counting.)
        next(metric for metric in self.model.metrics if metric.name == "loss").reset_state()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float]) -> None:
        self.steps.append(Step(len(self.steps) + 1, logs["loss"], float(self.model.optimizer.learning_rate)))

    def save(self, path: str) -> None:
        """Writes a CSV file with a header; `path` is any that `tf.io.gfile` knows."""
        with tf.io.gfile.GFile(path, "w") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(Step._fields)
            writer.writerows(self.steps)
