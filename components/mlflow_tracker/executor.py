"""Gathers what a run has made and logs it."""

from __future__ import annotations

import json
import logging
import tempfile
from pathlib import Path
from typing import Any

from tfx import types
from tfx.dsl.components.base.base_executor import BaseExecutor
from tfx.dsl.io import fileio
from tfx.utils import io_utils, path_utils

from components.mlflow_tracker.figures import figures
from components.mlflow_tracker.log_run import Record, log_run
from components.mlflow_tracker.mlflow_run import RECORD
from components.mlflow_tracker.parameters import parameters
from components.mlflow_tracker.properties import (
    MLFLOW_RUN,
    MODEL,
    MODEL_RUN,
    REPORT,
    RUN_ID,
    SETTINGS,
    SUBJECT,
    TRACKED,
)
from components.mlflow_tracker.subject import subject
from components.mlflow_tracker.tags import tags
from components.mlflow_tracker.training_metrics import training_metrics
from components.origin import stored_id
from components.report.write_report import METRICS

_LOG = logging.getLogger("segpipe.tracking")


class Executor(BaseExecutor):
    """See `MlflowTracker`."""

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        inputs = {part: artifact for part, (artifact,) in input_dict.items()}
        (output,) = output_dict[MLFLOW_RUN]
        settings = json.loads(exec_properties[SETTINGS])
        uri, experiment = settings["uri"], settings["experiment"]
        with tempfile.TemporaryDirectory() as scratch:
            record = _record(settings, inputs, Path(scratch))
            try:
                outcome: dict[str, Any] = {"tracked": True, **log_run(uri, experiment, record)}
                _LOG.info("logged to %s", outcome["url"])
            except Exception as error:  # tracking is a service to the run, never its fate
                outcome = {"tracked": False, "reason": _reason(error)}
                line = "not logged to MLflow at %s: %s; the next run tries again"
                _LOG.warning(line, uri, outcome["reason"], exc_info=True)
        text = json.dumps({"uri": uri, "experiment": experiment, **outcome}, indent=2) + "\n"
        io_utils.write_string_file(f"{output.uri}/{RECORD}", text)
        output.set_string_custom_property(SUBJECT, subject(inputs[REPORT].uri, exec_properties[SETTINGS]))
        output.set_int_custom_property(TRACKED, int(outcome["tracked"]))
        output.set_string_custom_property(RUN_ID, outcome.get("run_id", ""))


def _record(settings: dict[str, Any], inputs: dict[str, types.Artifact], scratch: Path) -> Record:
    report, model = inputs[REPORT], inputs[MODEL]
    with fileio.open(f"{report.uri}/{METRICS}", "rb") as file:
        metrics = json.loads(file.read())
    folders = {REPORT: report.uri}
    if settings["log_model"]:
        folders[MODEL] = path_utils.serving_model_path(model.uri, path_utils.is_old_model_artifact(model))
    return Record(
        name="-".join(str(part) for part in (metrics["name"], stored_id(report)) if part),
        parameters=parameters(settings["config"], metrics.get("hyperparameters") or {}),
        tags=tags(metrics, inputs),
        figures=figures(metrics),
        curve=training_metrics(inputs[MODEL_RUN].uri),
        folders={target: _local(uri, scratch / target) for target, uri in folders.items()},
    )


def _local(uri: str, scratch: Path) -> str:
    """The folder itself, or a copy of it where it lies in a bucket."""
    if Path(uri).is_dir():
        return uri
    io_utils.copy_dir(uri, str(scratch))
    return str(scratch)


def _reason(error: BaseException) -> str:
    """One line: what came first, which MLflow and its HTTP client wrap many times."""
    chain = [error]
    while chain[-1].__context__ is not None:
        chain.append(chain[-1].__context__)
    # Below the network's own error there may be another, which the HTTP client had already dealt with.
    error = next((link for link in reversed(chain) if isinstance(link, OSError)), chain[-1])
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return text.strip().splitlines()[0][:300]
