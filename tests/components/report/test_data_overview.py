"""Statistics and anomalies of a small dataset, through StatisticsGen's and ExampleValidator's own library."""

import json
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_data_validation as tfdv
from apache_beam.options.pipeline_options import PipelineOptions
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx import v1 as tfx

from components.leak_guard.leak_findings import LeakFindings
from components.report.data_overview import data_overview
from schema import record
from schema.label_map import LabelMap
from schema.make_record import make_record
from tests.components.report.fake_model import encode
from tests.components.run_executor import make_artifact
from tests.conftest import ROOT

LABEL_MAP = LabelMap(names=("sky", "land", "sea"), colors=((0, 0, 0), (1, 1, 1), (2, 2, 2)))
RECORDS = {
    "good": 3,
    "bad": 1,
    "reasons": {"empty": 1},
    "examples": [["val-0", 2, "a.png: empty"]],
    "notes": {"turned": 3},
}
LEAKS = {"images": {"eval": 3}, "near_duplicates": {"count": 1, "pairs": [[2, ["train", "a"], ["eval", "b"]]]}}
MASKS = [[[0, 0, 1, 255]], [[0, 0]], [[1, 1, 1, 1, 1, 255]]]  # of sizes 4, 2 and 6 by 1


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    schema = text_format.Parse((ROOT / "schema" / "schema.pbtxt").read_text(), schema_pb2.Schema())
    statistics = make_artifact(tfx.types.standard_artifacts.ExampleStatistics, folder / "statistics", ("eval",))
    anomalies = make_artifact(tfx.types.standard_artifacts.ExampleAnomalies, folder / "anomalies", ("eval",))
    with tf.io.TFRecordWriter(str(folder / "records")) as writer:
        for number, mask in enumerate(MASKS):
            writer.write(_example(np.array(mask, np.uint8), f"{number}.png").SerializeToString())
    runner = PipelineOptions(["--runner=apache_beam.runners.portability.fn_api_runner.FnApiRunner"])
    options = tfdv.StatsOptions(schema=schema)
    seen = tfdv.generate_statistics_from_tfrecord(str(folder / "records"), None, options, runner)
    for artifact, name, message in (
        (statistics, "FeatureStats.pb", seen),
        (anomalies, "SchemaDiff.pb", tfdv.validate_statistics(seen, schema)),
    ):
        path = Path(artifact.uri) / "Split-eval" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(message.SerializeToString())
    examples = make_artifact(tfx.types.standard_artifacts.Examples, folder / "examples", ("eval",))
    Path(examples.uri, "summary.json").write_text(json.dumps({"splits": {"eval": {**RECORDS, "features": {"a": {}}}}}))
    leak_findings = make_artifact(LeakFindings, folder / "leaks")
    Path(leak_findings.uri, "findings.json").write_text(json.dumps(LEAKS))
    artifacts = {"examples": examples, "statistics": statistics, "anomalies": anomalies, "leak_findings": leak_findings}
    return data_overview(artifacts, LABEL_MAP)


def _example(mask: np.ndarray, name: str) -> tf.train.Example:
    example = make_record(encode(np.zeros_like(mask).tolist()), mask, LABEL_MAP, filename=name, source="hand")
    features = example.features.feature
    features[record.SIZE].bytes_list.value.append(b"tiny")  # outside the domain
    features[record.CLASSES_PRESENT].int64_list.value.extend(sorted({*mask.ravel().tolist()} - {255}))
    features[record.CLASS_PIXELS].int64_list.value.extend(np.bincount(mask.ravel(), minlength=256)[:3].tolist())
    features[record.PALETTE_MASK].int64_list.value.append(0)
    features[record.VOID_FRACTION].float_list.value.append(float((mask == 255).mean()))
    return example


def test_figures_of_a_split(found):
    assert found["splits"] == {
        "eval": {
            "images": 3,
            "width": [2, 4, 6],
            "height": [1, 1, 1],
            "void_fraction": pytest.approx((1 / 4 + 0 + 1 / 6) / 3),
            "sources": {"hand": 3},
            "sizes": {"tiny": 3},
            "class_images": {"sky": 2, "land": 2, "sea": 0},
        }
    }


def test_anomalies_are_sentences(found):
    (anomaly,) = found["anomalies"]
    assert anomaly.startswith("split eval, image/size: ") and "tiny" in anomaly


def test_what_was_set_aside_and_found_to_be_alike_is_taken_over(found):
    assert found["records"] == {"eval": RECORDS}
    assert found["leaks"] == LEAKS
