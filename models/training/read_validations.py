"""Reads what `HeldOutValidation` wrote."""

from __future__ import annotations

import csv

import tensorflow as tf

from models.training.validation import Validation


def read_validations(path: str) -> list[Validation]:
    """Every measurement of a training, in order; none where there is no file.

    Args:
        path: any that `tf.io.gfile` knows.
    """
    if not tf.io.gfile.exists(path):
        return []
    with tf.io.gfile.GFile(path) as file:
        _, *rows = csv.reader(file)
    return [
        Validation(int(step), float(loss), float(mean_iou), tuple(map(float, iou)))
        for step, loss, mean_iou, *iou in rows
    ]
