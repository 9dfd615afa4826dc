"""Reads what `TrainingLog` wrote."""

from __future__ import annotations

import csv

import tensorflow as tf

from models.training.training_log import Step


def read_training_log(path: str) -> list[Step]:
    """Every step of a training, in order; `path` is any that `tf.io.gfile` knows."""
    with tf.io.gfile.GFile(path) as file:
        rows = list(csv.DictReader(file))
    return [Step(int(row["step"]), float(row["loss"]), float(row["learning_rate"])) for row in rows]
