"""The schema in use: ExampleGen, StatisticsGen, ExampleValidator and AnomalyGuard, run as the pipeline runs them."""

import json
import re
from pathlib import Path

import pytest
from tfx import v1 as tfx

from components.anomaly_guard.component import AnomalyGuard
from components.curated_schema import CuratedSchema
from components.segmentation_example_gen.component import SegmentationExampleGen
from schema.user_error import UserError
from tests.components.run_executor import make_artifact, run_executor
from tests.components.segmentation_example_gen.records import (
    GOOD,
    LABEL_MAP,
    MASK,
    encode,
    example,
    noise,
    write,
)

pytestmark = pytest.mark.slow

SCHEMA = Path(__file__).parents[2] / "schema" / "schema.pbtxt"
artifacts = tfx.types.standard_artifacts


def validate(tmp_path: Path, examples) -> None:
    """Raises what AnomalyGuard raises for the examples."""
    schema = make_artifact(artifacts.Schema, tmp_path / "schema")
    statistics = make_artifact(artifacts.ExampleStatistics, tmp_path / "statistics")
    anomalies = make_artifact(artifacts.ExampleAnomalies, tmp_path / "anomalies")
    run_executor(CuratedSchema, tmp_path, {}, {"schema": schema}, {"text": SCHEMA.read_text()})
    run_executor(
        tfx.components.StatisticsGen,
        tmp_path / "scratch",
        {"examples": examples, "schema": schema},
        {"statistics": statistics},
        {"exclude_splits": "[]"},
    )
    run_executor(
        tfx.components.ExampleValidator,
        tmp_path,
        {"statistics": statistics, "schema": schema},
        {"anomalies": anomalies},
        {"exclude_splits": "[]"},
    )
    run_executor(
        AnomalyGuard,
        tmp_path,
        {"examples": examples, "statistics": statistics, "schema": schema, "anomalies": anomalies},
        {},
        {"label_map": json.dumps(LABEL_MAP.to_dict())},
    )


def test_what_example_gen_writes_is_accepted(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    void = encode(MASK * 0 + 255)
    write(
        data / "train-0",
        [
            example(GOOD),
            example({**GOOD, "image/segmentation/class/encoded": void}),
            example({**GOOD, "image/source": b"voc", "image/filename": b"a.png", "image/encoded": encode(noise())}),
            example({**GOOD, "image/encoded": encode(noise(2, 4, 4))}),
        ],
    )
    write(data / "val-0", [example(GOOD)])
    component = SegmentationExampleGen(str(data), {"train": "train-*", "eval": "val-*"}, LABEL_MAP.to_dict())
    examples = make_artifact(artifacts.Examples, tmp_path / "examples")
    properties = dict(component.exec_properties)
    run_executor(SegmentationExampleGen, tmp_path / "scratch", {}, {"examples": examples}, properties)
    validate(tmp_path, examples)


WHOLE = {
    **GOOD,
    "image/filename": b"a.jpg",
    "image/source": b"voc",
    "image/format": b"jpeg",
    "image/size": b"up to 256",
    "image/channels": 3,
    "image/height": 2,
    "image/width": 4,
    "image/segmentation/class/format": b"png",
    "class/present": [0, 2],
    "class/pixels": [3, 0, 4],
    "void/fraction": [0.125],
    "mask/palette": 0,
}


@pytest.mark.parametrize("half", [0, 1])
def test_what_example_gen_would_never_write_is_caught(tmp_path, half):
    """Each feature is broken in one record of its own; what else can be wrong with it, in the other half."""
    broken = [
        {
            "image/segmentation/class/encoded": None,
            "void/fraction": [1.5],
            "image/format": b"gif",
            "image/size": b"huge",
            "image/height": 0,
            "image/channels": 5,
            "class/present": [0, 255],
            "class/pixels": [-1, 0, 8],
            "image/source": None,
            "foreign": 1,
        },
        {
            "image/encoded": None,
            "void/fraction": [-0.5],
            "image/segmentation/class/format": b"jpeg",
            "image/width": 0,
            "image/channels": 0,
            "class/present": [-1],
            "class/pixels": None,
            "mask/palette": 2,
            "image/filename": [b"a", b"b"],
        },
    ][half]
    examples = make_artifact(artifacts.Examples, tmp_path / "examples", ("train", "eval"))
    records = [example(WHOLE), *(example({**WHOLE, feature: value}) for feature, value in broken.items())]
    for split, content in (("train", [example(WHOLE)]), ("eval", records)):
        folder = tmp_path / "examples" / f"Split-{split}"
        folder.mkdir()
        write(folder / "data_tfrecord-00000-of-00001.gz", content, "GZIP")

    with pytest.raises(UserError) as error:
        validate(tmp_path, examples)
    named = re.findall(r"^  split (\w+), (\S+): .", str(error.value), re.MULTILINE)
    assert sorted(named) == sorted(("eval", feature) for feature in broken)
