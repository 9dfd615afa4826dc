"""What the cache is asked about: failures count until the first success, and only those of the same."""

from types import SimpleNamespace

import pytest
from ml_metadata.proto import metadata_store_pb2
from tfx.orchestration import metadata

from components.mlflow_tracker.driver import Driver
from components.mlflow_tracker.mlflow_run import MlflowRun
from components.mlflow_tracker.subject import subject
from components.report.component import SegmentationReport
from tests.components.run_executor import make_artifact


@pytest.fixture
def connection(tmp_path):
    return metadata.sqlite_metadata_connection_config(str(tmp_path / "metadata.sqlite"))


@pytest.fixture
def failures(connection, tmp_path):
    """A function that asks the driver about the report at tmp_path/report."""

    def failures(settings: str = "{}") -> str:
        report = make_artifact(SegmentationReport, tmp_path / "report")
        info = SimpleNamespace(input_dict={"report": [report]}, exec_properties={"settings": settings})
        return Driver(metadata.Metadata(connection)).run(info).exec_properties["failures"].string_value

    return failures


@pytest.fixture
def attempt(connection, tmp_path):
    """A function that notes an attempt as the executor does."""

    def attempt(tracked: bool, report: str = "report", settings: str = "{}") -> None:
        with metadata.Metadata(connection) as handle:
            kind = handle.store.put_artifact_type(metadata_store_pb2.ArtifactType(name=MlflowRun.TYPE_NAME))
            artifact = metadata_store_pb2.Artifact(type_id=kind, uri="x")
            artifact.custom_properties["subject"].string_value = subject(f"{tmp_path}/{report}", settings)
            artifact.custom_properties["tracked"].int_value = int(tracked)
            handle.store.put_artifacts([artifact])

    return attempt


def test_each_failure_makes_a_new_key_until_the_first_success(failures, attempt):
    assert failures() == "0"
    attempt(tracked=False)
    assert failures() == "1"
    attempt(tracked=False)
    assert failures() == "2"
    attempt(tracked=True)
    assert failures() == "2"
    attempt(tracked=False)
    assert failures() == "2"


def test_failures_with_another_report_or_other_settings_do_not_count(failures, attempt):
    attempt(tracked=True, report="other")
    attempt(tracked=False, report="other")
    attempt(tracked=False, settings='{"uri": "x"}')
    assert failures() == "0" and failures('{"uri": "x"}') == "1"
