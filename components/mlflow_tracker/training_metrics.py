"""How a training went, as MLflow's metrics."""

from __future__ import annotations

import csv

from tfx.dsl.io import fileio

_STEP = "step"


def training_metrics(path: str) -> list[tuple[str, int, float]]:
    """Name, step and value of everything in a training log: `training/loss`, `training/learning_rate`.

    Args:
        path: a CSV file with a header; `step` and any other columns of numbers. None are found where there is no file,
            as under a Trainer that keeps no log.
    """
    if not fileio.exists(path):
        return []
    with fileio.open(path) as file:
        rows = list(csv.DictReader(file.read().splitlines()))
    return [
        (f"training/{name}", int(row[_STEP]), float(value))
        for row in rows
        for name, value in row.items()
        if name != _STEP
    ]
