"""The tracker as the orchestrator runs it, with its driver and the cache."""

import json
from pathlib import Path

import pytest
from tfx import v1 as tfx
from tfx.utils import io_utils

from components.mlflow_tracker.component import MlflowTracker
from components.report.component import SegmentationReport
from pipeline.local_runner import metadata_connection
from pipeline.watch_components import watch_components
from tests.components.mlflow_tracker.server import free_port, mlflow_server
from tests.components.mlflow_tracker.tracked import settings, write_run

pytestmark = pytest.mark.slow
artifacts = tfx.types.standard_artifacts


@tfx.dsl.components.component
def Everything(  # noqa: N802
    path: tfx.dsl.components.Parameter[str],
    report: tfx.dsl.components.OutputArtifact[SegmentationReport],
    evaluation: tfx.dsl.components.OutputArtifact[artifacts.ModelEvaluation],
    model: tfx.dsl.components.OutputArtifact[artifacts.Model],
    model_run: tfx.dsl.components.OutputArtifact[artifacts.ModelRun],
    pushed_model: tfx.dsl.components.OutputArtifact[artifacts.PushedModel],
):
    """Stands in for all that goes before: gives out what was made by hand."""
    for part, artifact in {"report": report, "model": model, "model_run": model_run}.items():
        io_utils.copy_dir(f"{path}/{part}", artifact.uri)


@pytest.fixture
def run(tmp_path):
    """A function that runs the pipeline; returns the states of its components and every `tracking.json` so far."""
    write_run(tmp_path / "made")

    def run(uri: str) -> tuple[dict[str, str], list[dict]]:
        everything = Everything(path=str(tmp_path / "made"))
        tracker = MlflowTracker(**everything.outputs, settings=settings(uri))
        connection = metadata_connection(tmp_path)
        pipeline = tfx.dsl.Pipeline(
            pipeline_name="tracked",
            pipeline_root=str(tmp_path / "root"),
            components=[everything, tracker],
            enable_cache=True,
            metadata_connection_config=connection,
        )
        states = {}
        with watch_components(connection, lambda name, state, _: states.__setitem__(name, state)):
            tfx.orchestration.LocalDagRunner().run(pipeline)
        records = sorted(
            (tmp_path / "root").glob("MlflowTracker/mlflow_run/*/*"), key=lambda path: int(path.parent.name)
        )
        return states, [json.loads(path.read_text()) for path in records]

    return run


def test_what_could_not_be_logged_is_logged_later_and_only_once(run, tmp_path):
    port = free_port()
    uri = f"http://127.0.0.1:{port}"
    assert run(uri)[0] == {"Everything": "done", "MlflowTracker": "done"}
    states, records = run(uri)
    assert states == {"Everything": "cached", "MlflowTracker": "done"}  # it was tried again
    assert [record["tracked"] for record in records] == [False, False]

    with mlflow_server(tmp_path / "mlflow", port) as server:
        states, records = run(uri)
        assert states == {"Everything": "cached", "MlflowTracker": "done"}
        assert [record["tracked"] for record in records] == [False, False, True]
        (found,) = server.runs("roads")
        report = Path(next(tag["value"] for tag in found["data"]["tags"] if tag["key"] == "artifact.report.uri"))
        assert (report / "metrics.json").is_file() and found["info"]["run_id"] == records[-1]["run_id"]

        assert run(uri) == ({"Everything": "cached", "MlflowTracker": "cached"}, records)
        assert len(server.runs("roads")) == 1
    # Nor is it tried when the server is down again.
    assert run(uri) == ({"Everything": "cached", "MlflowTracker": "cached"}, records)
