import pytest
from tensorflow_metadata.proto.v0 import anomalies_pb2
from tfx import v1 as tfx

from components.anomaly_guard import AnomalyGuard
from schema.user_error import UserError
from tests.components.run_executor import make_artifact, run_executor


@pytest.fixture
def guard(tmp_path):
    """A function that runs the guard over what ExampleValidator wrote for each split."""

    def guard(**splits: anomalies_pb2.Anomalies) -> None:
        artifact = make_artifact(tfx.types.standard_artifacts.ExampleAnomalies, tmp_path / "anomalies", tuple(splits))
        for split, anomalies in splits.items():
            folder = tmp_path / "anomalies" / f"Split-{split}"
            folder.mkdir()
            (folder / "SchemaDiff.pb").write_bytes(anomalies.SerializeToString())
        run_executor(AnomalyGuard, tmp_path, {"anomalies": artifact}, {})

    return guard


def anomalies(**descriptions: str) -> anomalies_pb2.Anomalies:
    found = anomalies_pb2.Anomalies()
    for feature, description in descriptions.items():
        found.anomaly_info[feature].description = description
    return found


def test_data_that_keeps_the_schema_passes(guard):
    guard(train=anomalies(), eval=anomalies())


def test_each_anomaly_is_named_with_its_split_and_feature(guard):
    with pytest.raises(UserError) as error:
        guard(train=anomalies(), eval=anomalies(width="out of range", height="missing"))
    assert str(error.value).split("\n") == [
        "the data breaks the schema:",
        "  split eval, height: missing",
        "  split eval, width: out of range",
    ]


def test_an_anomaly_of_the_whole_split_counts(guard):
    found = anomalies_pb2.Anomalies()
    found.dataset_anomaly_info.description = "too few examples"
    with pytest.raises(UserError, match=r"\n  split train: too few examples$"):
        guard(train=found, eval=anomalies())
