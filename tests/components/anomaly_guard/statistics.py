"""Real statistics of images that are described by a few words."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import tensorflow_data_validation as tfdv
from google.protobuf import text_format
from tensorflow_data_validation.statistics.stats_impl import generate_statistics_in_memory
from tensorflow_metadata.proto.v0 import schema_pb2, statistics_pb2
from tfx import v1 as tfx

from tests.components.run_executor import make_artifact

SCHEMA_TEXT = files("schema").joinpath("schema.pbtxt").read_text()
SCHEMA = text_format.Parse(SCHEMA_TEXT, schema_pb2.Schema())
_TYPES = {schema_pb2.BYTES: pa.binary(), schema_pb2.INT: pa.int64(), schema_pb2.FLOAT: pa.float32()}


def image(name: str = "a.jpg", *, classes: tuple[int, ...] = (0, 1), **others: object) -> dict[str, list]:
    """The features of an image as ExampleGen writes them; `others` by name, with _ for /, and None for no value."""
    features = {
        "image/encoded": b"pixels",
        "image/segmentation/class/encoded": b"ids",
        "image/filename": name.encode(),
        "image/source": b"street",
        "image/format": b"jpeg",
        "image/size": b"256 to 512",
        "image/channels": 3,
        "image/height": 300,
        "image/width": 400,
        "image/segmentation/class/format": b"png",
        "class/present": list(classes),
        "class/pixels": [60000, 60000],
        "void/fraction": 0.0,
        "mask/palette": 0,
    } | {key.replace("_", "/"): value for key, value in others.items()}
    return {
        key: value if isinstance(value, list) else [value] for key, value in features.items() if value not in (None, [])
    }


def statistics_of(
    images: list[dict[str, list]], schema: schema_pb2.Schema = SCHEMA
) -> statistics_pb2.DatasetFeatureStatisticsList:
    """What StatisticsGen says of them."""
    types = {feature.name: _TYPES[feature.type] for feature in schema.feature}
    names = sorted({name for each in images for name in each})
    columns = [pa.array([each.get(name) for each in images], pa.list_(types.get(name, pa.int64()))) for name in names]
    batch = pa.RecordBatch.from_arrays(columns, names)
    return generate_statistics_in_memory(batch, tfdv.StatsOptions(schema=schema))


def statistics_artifact(uri: Path, **splits: statistics_pb2.DatasetFeatureStatisticsList):
    """StatisticsGen's output, with these splits."""
    artifact = make_artifact(tfx.types.standard_artifacts.ExampleStatistics, uri, tuple(splits))
    for name, statistics in splits.items():
        folder = uri / f"Split-{name}"
        folder.mkdir()
        (folder / "FeatureStats.pb").write_bytes(statistics.SerializeToString())
    return artifact
