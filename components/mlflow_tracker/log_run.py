"""Logs a run to an MLflow server."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.mlflow_tracker.client_environment import TIMEOUT, client_environment

if TYPE_CHECKING:
    from mlflow import MlflowClient

_PROBE = 4  # seconds: a server that answers its first, smallest request later counts as down
_PATIENCE = 30  # seconds for each further request, a file's upload among them, unless the environment has its own word


@dataclass(frozen=True)
class Record:
    """What is logged.

    Args:
        name: of the run in MLflow.
        parameters: by name.
        tags: by name.
        figures: the outcome, by name.
        curve: name, step and value of what was measured along the way.
        folders: local folders whose files become artifacts, by the folder that they get there.
    """

    name: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    figures: Mapping[str, float]
    curve: Sequence[tuple[str, int, float]]
    folders: Mapping[str, str]


def log_run(uri: str, experiment: str, record: Record) -> dict[str, str]:
    """Makes a finished run of `record`, in an experiment that is made where it does not exist.

    Returns:
        `experiment_id`, `run_id` and `url`.

    Raises:
        Exception: whatever MLflow raises. A run that was begun is then marked as failed, if the server lets us.
    """
    with client_environment(_PROBE):
        from mlflow import MlflowClient

        client = MlflowClient(uri)
        found = client.get_experiment_by_name(experiment)
    with client_environment(os.environ.get(TIMEOUT, _PATIENCE)):
        experiment_id = found.experiment_id if found else client.create_experiment(experiment)
        run_id = client.create_run(experiment_id, run_name=record.name).info.run_id
        try:
            _log(client, run_id, record)
            client.set_terminated(run_id)
        except BaseException:
            with suppress(Exception), client_environment(_PROBE):
                client.set_terminated(run_id, "FAILED")
            raise
    url = f"{uri.rstrip('/')}/#/experiments/{experiment_id}/runs/{run_id}"
    return {"experiment_id": experiment_id, "run_id": run_id, "url": url}


def _log(client: MlflowClient, run_id: str, record: Record) -> None:
    from mlflow.entities import Metric, Param, RunTag

    now = int(time.time() * 1000)
    curve = [Metric(name, value, now, step) for name, step, value in record.curve]
    figures = [Metric(name, value, now, 0) for name, value in record.figures.items()]
    # The client splits them by MLflow's limits on a request.
    client.log_batch(
        run_id,
        metrics=curve + figures,
        params=[Param(*item) for item in record.parameters.items()],
        tags=[RunTag(*item) for item in record.tags.items()],
    )
    for target, folder in record.folders.items():
        client.log_artifacts(run_id, folder, target)
