"""What a tuner has chosen for a training, beside the training's log."""

from __future__ import annotations

import json
from collections.abc import Mapping

import tensorflow as tf

_FILE_NAME = "hyperparameters.json"  # in the Trainer's `model_run` output, where a tuner has chosen any


def save_hyperparameters(model_run: str, values: Mapping[str, float]) -> None:
    """Writes values by their keys in `training`; the folder is any that `tf.io.gfile` knows."""
    with tf.io.gfile.GFile(f"{model_run}/{_FILE_NAME}", "w") as file:
        file.write(json.dumps(values))


def read_hyperparameters(model_run: str) -> dict[str, float]:
    """The values, none where no tuner had a say."""
    path = f"{model_run}/{_FILE_NAME}"
    if not tf.io.gfile.exists(path):
        return {}
    with tf.io.gfile.GFile(path) as file:
        return json.loads(file.read())
