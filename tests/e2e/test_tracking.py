"""`segpipe run` with an MLflow server that is down, then up, in the folder of a run without tracking."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.components.mlflow_tracker.server import free_port, mlflow_server, named
from tests.e2e.segpipe import segpipe

pytestmark = pytest.mark.slow


def test_a_run_goes_on_without_the_server_and_is_logged_when_it_is_back(first_run, tiny_config, tmp_path):
    assert first_run.returncode == 0, first_run.stderr
    port = free_port()
    uri = f"http://127.0.0.1:{port}"
    arguments = ("run", tiny_config, "--set", f"tracking.mlflow.uri={uri}")
    down = segpipe(*arguments)
    assert down.returncode == 0, down.stderr
    assert "= Trainer " in down.stderr
    line = f"MlflowTracker: not logged to MLflow at {uri}: Connection refused; the next run tries again"
    assert down.stderr.count("not logged") == 1 and line in down.stderr and "Traceback" not in down.stderr
    (seconds,) = re.findall(r"✓ MlflowTracker +(\d+\.\d) s", down.stderr)
    assert float(seconds) < 10

    with mlflow_server(tmp_path / "mlflow", port) as server:
        up = segpipe(*arguments)
        assert up.returncode == 0, up.stderr
        assert "= Report " in up.stderr and "✓ MlflowTracker " in up.stderr
        config = yaml.safe_load(tiny_config.read_text())
        report = Path(config["run_dir"]) / "report"
        metrics = json.loads((report / "metrics.json").read_text())
        (run,) = server.runs(config["name"])
        run_id = run["info"]["run_id"]
        assert f"logged to {uri}/#/experiments/1/runs/{run_id}" in up.stderr

        logged = named(run["data"]["metrics"])
        assert logged["mean_iou"] == metrics["mean_iou"] and logged["pixel_accuracy"] == metrics["pixel_accuracy"]
        for name, iou in metrics["iou"].items():
            assert logged.get(f"iou/{name}") == iou
        steps = server.history(run_id, "training/loss")
        assert [step for step, _ in steps] == list(range(1, config["training"]["steps"] + 1))
        assert named(run["data"]["params"])["training.steps"] == str(config["training"]["steps"])
        tags = named(run["data"]["tags"])
        assert (tags["pushed"], tags["version"]) == ("true", metrics["verdict"]["version"])

        files = server.artifacts(run_id)
        assert files["report/index.html"] == (report / "index.html").read_bytes()
        pushed = Path(metrics["verdict"]["path"])
        model = {str(path.relative_to(pushed)): path.read_bytes() for path in pushed.rglob("*") if path.is_file()}
        assert {path.removeprefix("model/"): file for path, file in files.items() if path.startswith("model/")} == model
