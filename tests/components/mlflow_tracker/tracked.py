"""A run made by hand, and the tracker's executor on it."""

from __future__ import annotations

import json
from pathlib import Path

from tfx import v1 as tfx

from components.mlflow_tracker.component import MlflowTracker
from components.mlflow_tracker.mlflow_run import MlflowRun
from components.report.component import SegmentationReport
from tests.components.mlflow_tracker.metrics import METRICS
from tests.components.run_executor import make_artifact, run_executor

KINDS = {
    "report": SegmentationReport,
    "evaluation": tfx.types.standard_artifacts.ModelEvaluation,
    "model": tfx.types.standard_artifacts.Model,
    "model_run": tfx.types.standard_artifacts.ModelRun,
    "pushed_model": tfx.types.standard_artifacts.PushedModel,
}
STEPS = 1201  # more than MLflow takes in one request
FILES = {
    "report/index.html": b"<p>\xc3\xa4</p>",
    "report/metrics.json": json.dumps(METRICS).encode(),
    "model/Format-Serving/saved_model.pb": bytes(range(256)),
    "model/Format-Serving/variables/variables.index": b"index",
    "model/Format-Serving/assets/empty": b"",
}


def write_run(folder: Path) -> None:
    """What the components before the tracker leave, each in a folder of its name."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    lines = [f"{step},{2 / step!r},{0.1 - step / 20_000!r}" for step in range(1, STEPS + 1)]
    (folder / "model_run").mkdir()
    (folder / "model_run" / "training_log.csv").write_text("\n".join(["step,loss,learning_rate", *lines, ""]))


def settings(uri: str, **others) -> str:
    config = {"seed": 17, "model": {"input_size": [64, 96]}}
    return json.dumps({"uri": uri, "experiment": "roads", "log_model": True, "config": config} | others)


def track(folder: Path, uri: str, **others) -> dict:
    """Runs the executor; returns its `tracking.json`. The report is artifact 41."""
    inputs = {part: make_artifact(kind, folder / part) for part, kind in KINDS.items()}
    inputs["report"].id = 41
    output = make_artifact(MlflowRun, folder / "mlflow_run")
    run_executor(MlflowTracker, folder, inputs, {"mlflow_run": output}, {"settings": settings(uri, **others)})
    outcome = json.loads((folder / "mlflow_run" / "tracking.json").read_text())
    assert output.get_int_custom_property("tracked") == int(outcome["tracked"])
    assert output.get_string_custom_property("run_id") == outcome.get("run_id", "")
    return outcome
