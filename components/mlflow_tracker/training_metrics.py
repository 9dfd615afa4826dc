"""How a training went, as MLflow's metrics."""

from __future__ import annotations

from tfx.dsl.io import fileio

from models.training.read_training_log import read_training_log
from models.training.read_validations import read_validations
from models.training.training_log import FILE_NAME as TRAINING_LOG
from models.training.validation import FILE_NAME as VALIDATION_LOG


def training_metrics(folder: str) -> list[tuple[str, int, float]]:
    """Name, step and value of `training/loss`, `training/learning_rate`, `held_out/loss` and `held_out/mean_iou`.

    Args:
        folder: the Trainer's `model_run`. Nothing is found where there is no file, as under a Trainer that keeps no
            log; what is held out is there only where images were.
    """
    if not fileio.exists(f"{folder}/{TRAINING_LOG}"):
        return []
    steps = [
        (f"training/{name}", step.step, value)
        for step in read_training_log(f"{folder}/{TRAINING_LOG}")
        for name, value in (("loss", step.loss), ("learning_rate", step.learning_rate))
    ]
    return steps + [
        (f"held_out/{name}", validation.step, value)
        for validation in read_validations(f"{folder}/{VALIDATION_LOG}")
        for name, value in (("loss", validation.loss), ("mean_iou", validation.mean_iou))
    ]
