"""The tracker against a real MLflow server, which is asked over its REST API, not through MLflow's client."""

from __future__ import annotations

import logging
import os

import mlflow
import pytest

from tests.components.mlflow_tracker.metrics import FIGURES
from tests.components.mlflow_tracker.server import free_port, mlflow_server, named
from tests.components.mlflow_tracker.tracked import FILES, STEPS, track, write_run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with mlflow_server(tmp_path_factory.mktemp("mlflow"), free_port()) as server:
        yield server


@pytest.fixture
def made(tmp_path):
    write_run(tmp_path)
    return tmp_path


def test_everything_arrives_as_it_is(server, made):
    before = dict(os.environ)
    outcome = track(made, server.uri)
    assert dict(os.environ) == before and mlflow.get_tracking_uri() != server.uri
    (run,) = server.runs("roads")
    info, run_id = run["info"], outcome["run_id"]
    assert (info["run_id"], info["status"], info["run_name"]) == (run_id, "FINISHED", "roads-41")
    assert outcome == {
        "uri": server.uri,
        "experiment": "roads",
        "tracked": True,
        "experiment_id": info["experiment_id"],
        "run_id": run_id,
        "url": f"{server.uri}/#/experiments/{info['experiment_id']}/runs/{run_id}",
    }

    # The figures and the curve are the same numbers to the last bit.
    metrics = named(run["data"]["metrics"])
    assert {name: value for name, value in metrics.items() if not name.startswith("training/")} == FIGURES
    assert server.history(run_id, "training/loss") == [(step, 2 / step) for step in range(1, STEPS + 1)]
    rates = [(step, 0.1 - step / 20_000) for step in range(1, STEPS + 1)]
    assert server.history(run_id, "training/learning_rate") == rates

    assert named(run["data"]["params"]) == {"seed": "17", "model.input_size": "[64, 96]"}
    tags = named(run["data"]["tags"])
    assert (tags["blessed"], tags["pushed"], tags["version"]) == ("true", "true", "1700000123")
    assert "✗ IoU of car (parked) is undefined" in tags["verdict"]
    assert (tags["artifact.report.id"], tags["artifact.report.uri"]) == ("41", str(made / "report"))
    assert server.artifacts(run_id) == {path.replace("/Format-Serving", ""): content for path, content in FILES.items()}


def test_without_model_and_training_log(server, made):
    (made / "model_run" / "training_log.csv").unlink()
    run_id = track(made, server.uri, experiment="bare", log_model=False)["run_id"]
    (run,) = server.runs("bare")
    assert run["info"]["status"] == "FINISHED" and named(run["data"]["metrics"]) == FIGURES
    assert set(server.artifacts(run_id)) == {"report/index.html", "report/metrics.json"}


def test_a_failure_in_the_middle_is_marked_and_the_next_attempt_is_a_run_of_its_own(server, made, monkeypatch, said):
    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(mlflow.MlflowClient, "log_artifacts", fail)
        outcome = track(made, server.uri, experiment="middle")
    assert (outcome["tracked"], outcome["reason"]) == (False, "No space left on device")
    (run,) = server.runs("middle")
    assert run["info"]["status"] == "FAILED"
    assert said() == [f"not logged to MLflow at {server.uri}: No space left on device; the next run tries again"]

    assert track(made, server.uri, experiment="middle")["tracked"]
    assert [run["info"]["status"] for run in server.runs("middle")] == ["FINISHED", "FAILED"]


def test_a_server_that_dies_in_the_middle(server, made, monkeypatch, said):
    """The last test here: none is left to the others."""
    log_batch = mlflow.MlflowClient.log_batch

    def die_after(*args, **kwargs):
        log_batch(*args, **kwargs)
        server.stop()

    monkeypatch.setattr(mlflow.MlflowClient, "log_batch", die_after)
    outcome = track(made, server.uri)
    assert (outcome["tracked"], outcome["reason"]) == (False, "Connection refused")
    assert len(said(logging.INFO)) == 1
