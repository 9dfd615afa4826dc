"""Stops the run on data anomalies: ExampleValidator only writes them down."""

from tensorflow_metadata.proto.v0 import anomalies_pb2
from tfx import v1 as tfx
from tfx.dsl.io import fileio
from tfx.types import artifact_utils

from schema.user_error import UserError


@tfx.dsl.components.component
def AnomalyGuard(  # noqa: N802
    anomalies: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.ExampleAnomalies],
    code: tfx.dsl.components.Parameter[str] = "",
):
    """Raises UserError naming split, feature and what was seen, when any split has an anomaly.

    `code` is a fingerprint of this code: part of the cache key, and nothing else.
    """
    found = []
    for split in artifact_utils.decode_split_names(anomalies.split_names):
        path = f"{artifact_utils.get_split_uri([anomalies], split)}/SchemaDiff.pb"
        with fileio.open(path, "rb") as file:
            found += describe_anomalies(split, anomalies_pb2.Anomalies.FromString(file.read()))
    if found:
        raise UserError("the data breaks the schema:\n" + "\n".join(f"  {line}" for line in found))


def describe_anomalies(split: str, anomalies: anomalies_pb2.Anomalies) -> list[str]:
    """One line an anomaly."""
    lines = [
        f"split {split}, {feature}: {info.description}" for feature, info in sorted(anomalies.anomaly_info.items())
    ]
    if anomalies.HasField("dataset_anomaly_info"):
        lines.append(f"split {split}: {anomalies.dataset_anomaly_info.description}")
    return lines
