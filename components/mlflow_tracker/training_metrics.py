"""How a training went, as MLflow's metrics."""

from __future__ import annotations

from tfx.dsl.io import fileio

from models.read_training_log import read_training_log


def training_metrics(path: str) -> list[tuple[str, int, float]]:
    """Name, step and value of everything in a training log: `training/loss`, `training/learning_rate`.

    Args:
        path: of the log. Nothing is found where there is no file, as under a Trainer that keeps no log.
    """
    if not fileio.exists(path):
        return []
    return [
        (f"training/{name}", step.step, value)
        for step in read_training_log(path)
        for name, value in (("loss", step.loss), ("learning_rate", step.learning_rate))
    ]
