"""Past runs from a metadata store written by hand."""

import pytest
from ml_metadata.proto import metadata_store_pb2 as mlmd
from tfx.orchestration import metadata

from pipeline.past_runs import STORE, find_run, past_runs
from schema.user_error import UserError

REPORT = "components.report.component.Report"


@pytest.fixture
def record(tmp_path):
    """Writes an execution of Report with one input and one output; returns nothing."""
    connection = metadata.sqlite_metadata_connection_config(str(tmp_path / STORE))

    def write(state, report_uri: str, settings: str = "{}", kind: str = REPORT) -> None:
        with metadata.Metadata(connection) as handle:
            store = handle.store
            execution = mlmd.Execution(
                type_id=store.put_execution_type(mlmd.ExecutionType(name=kind)), last_known_state=state
            )
            execution.custom_properties["settings"].string_value = settings
            pairs = []
            events = {"evaluation": ("ModelEvaluation", "/root/evaluation", mlmd.Event.INPUT)}
            events["report"] = ("SegmentationReport", report_uri, mlmd.Event.OUTPUT)
            for key, (type_name, uri, event_type) in events.items():
                event = mlmd.Event(type=event_type)
                event.path.steps.add().key = key
                type_id = store.put_artifact_type(mlmd.ArtifactType(name=type_name))
                pairs.append((mlmd.Artifact(type_id=type_id, uri=uri), event))
            store.put_execution(execution, pairs, [])

    return write


def test_finished_runs_come_oldest_first_with_their_artifacts(record, tmp_path):
    record(mlmd.Execution.COMPLETE, "/root/report/1", '{"name": "first"}')
    record(mlmd.Execution.FAILED, "/root/report/2")
    record(mlmd.Execution.COMPLETE, "/root/other/3", kind="Pusher")
    record(mlmd.Execution.CACHED, "/root/report/4")

    first, second = past_runs(tmp_path)

    assert (first.number, first.cached, first.settings) == (1, False, '{"name": "first"}')
    assert (second.number, second.cached) == (2, True)
    assert {key: artifact.uri for key, artifact in first.artifacts.items()} == {
        "evaluation": "/root/evaluation",
        "report": "/root/report/1",
    }
    assert second.artifacts["report"].uri == "/root/report/4"
    assert first.ended <= second.ended


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"is no run.*name the run_dir"):
        past_runs(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_run_without_a_report_is_said_to_have_none(record, tmp_path):
    record(mlmd.Execution.FAILED, "/root/report/1")
    with pytest.raises(UserError, match=r"has no report yet; finish a run"):
        past_runs(tmp_path)


def test_a_run_is_found_by_its_number(record, tmp_path):
    record(mlmd.Execution.COMPLETE, "/root/report/1")
    record(mlmd.Execution.COMPLETE, "/root/report/2")
    assert find_run(tmp_path).number == 2
    assert find_run(tmp_path, 1).artifacts["report"].uri == "/root/report/1"
    with pytest.raises(UserError, match=r"has no run 3; it has runs 1 to 2"):
        find_run(tmp_path, 3)
    with pytest.raises(UserError, match=r"has no run 0"):
        find_run(tmp_path, 0)
