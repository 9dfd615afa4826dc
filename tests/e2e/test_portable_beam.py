"""Beam's steps on workers in processes of their own, by way of a job service, give what they give here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_transform as tft
from tensorflow_metadata.proto.v0 import statistics_pb2
from tfx import v1 as tfx
from tfx.dsl.components.base.base_executor import BaseExecutor
from tfx.dsl.components.base.executor_spec import ExecutorClassSpec
from tfx.utils import io_utils, path_utils

from components.segmentation_example_gen.component import SegmentationExampleGen
from components.segmentation_metrics.read_evaluation import OVERALL, read_evaluation
from datasets.shapes import SHAPES_LABEL_MAP, shapes_samples
from datasets.write_records import write_records
from models.data.training_data import raw_features
from models.training.training_log import FILE_NAME
from pipeline import local_runner
from pipeline.beam.beam_args import beam_args
from pipeline.beam.settings import BeamSettings
from pipeline.config import Config
from pipeline.create_pipeline import create_pipeline
from pipeline.local_runner import metadata_connection
from schema.record import MASK, VOID
from schema.user_error import UserError
from tests.e2e.oracle import save_oracle
from tests.e2e.segpipe import segpipe
from tests.pipeline.beam.impostors import nobody
from tests.pipeline.beam.services import job_service, options, worker_pool

pytestmark = pytest.mark.slow

SPLITS = {"train": "train-*", "eval": "val-*"}


@pytest.fixture(scope="module")
def logs(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("services")


@pytest.fixture(scope="module")
def portable(logs) -> Iterator[dict]:
    """The section `beam` for two workers."""
    with job_service(logs) as service, worker_pool(logs) as pool:
        yield {"runner": "portable", "options": {**options(service, pool), "direct_num_workers": 2}}


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("data") / "shapes"
    write_records(shapes_samples(train=8, val=6), SHAPES_LABEL_MAP, out)
    return out


class ReadyModel(BaseExecutor):
    """Stands in for the Trainer's: gives out a SavedModel that exists, and the log of a training of one step."""

    model: ClassVar[Path]

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict) -> None:  # noqa: N802
        io_utils.copy_dir(str(self.model), path_utils.serving_model_dir(output_dict["model"][0].uri))
        io_utils.write_string_file(
            f"{output_dict['model_run'][0].uri}/{FILE_NAME}", "step,loss,learning_rate\n1,2,0.1\n"
        )


def without_training(*arguments) -> tfx.dsl.Pipeline:
    pipeline = create_pipeline(*arguments)
    (trainer,) = (component for component in pipeline.components if component.id == "Trainer")
    trainer.executor_spec = ExecutorClassSpec(ReadyModel)
    return pipeline


@pytest.fixture(scope="module")
def runs(tmp_path_factory, data, portable) -> dict[str, Path]:
    """Pipeline roots by runner; the model is right in the upper 60 % of each image."""
    ReadyModel.model = save_oracle(tmp_path_factory.mktemp("model") / "oracle", 0.6, SHAPES_LABEL_MAP)
    roots = {}
    for name, beam in {"direct": {}, "portable": portable}.items():
        run_dir = tmp_path_factory.mktemp(name)
        config = Config.model_validate(
            {
                "name": "beam",
                "run_dir": run_dir,
                "data": {"path": data},
                "model": {"input_size": 64, "weights": "none"},
                "augment": {"rotation": 20, "flip": 0.5, "brightness": 0.2},
                "evaluation": {
                    "slices": ["class/present"],
                    "confidence_intervals": True,
                    "gate": {"min_mean_iou": 0.3},
                },
                "servability": {"enabled": False},  # an oracle serves nobody
                "report": {"examples": 0},
                "beam": beam,
            }
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(local_runner, "create_pipeline", without_training)
            assert local_runner.run_locally(config, SHAPES_LABEL_MAP, lambda *_: None)["verdict"]["pushed"]
        roots[name] = run_dir / "root"
    return roots


def artifact(root: Path, component: str, output: str) -> Path:
    (path,) = (root / component / output).iterdir()
    return path


def examples(root: Path, split: str) -> list[bytes]:
    """The records of a split, in an order and a form that do not depend on who wrote them."""
    shards = artifact(root, "SegmentationExampleGen", "examples").glob(f"Split-{split}/*.gz")
    records = tf.data.TFRecordDataset([str(shard) for shard in shards], "GZIP").as_numpy_iterator()
    return sorted(tf.train.Example.FromString(record).SerializeToString(deterministic=True) for record in records)


def test_the_workers_did_it(runs, logs):
    started = (logs / "worker_pool.log").read_text().count("Starting worker with command")
    assert started >= 1 + 5  # for the small job before the run, and for five components


@pytest.mark.parametrize(("split", "count"), [("train", 8), ("eval", 6)])
def test_the_same_examples(runs, split, count):
    assert len(examples(runs["direct"], split)) == count
    assert examples(runs["portable"], split) == examples(runs["direct"], split)


@pytest.mark.parametrize("split", ["train", "eval"])
def test_the_same_statistics(runs, split):
    def statistics(root: Path) -> dict:
        file = artifact(root, "StatisticsGen", "statistics") / f"Split-{split}" / "FeatureStats.pb"
        (dataset,) = statistics_pb2.DatasetFeatureStatisticsList.FromString(file.read_bytes()).datasets
        features = {tuple(feature.path.step): feature for feature in dataset.features}
        return {"count": dataset.num_examples, **features}

    assert statistics(runs["direct"])["count"] == {"train": 8, "eval": 6}[split]
    assert statistics(runs["portable"]) == statistics(runs["direct"])


def test_a_transform_graph_that_does_the_same(runs):
    records = examples(runs["direct"], "train")

    def transformed(root: Path) -> dict[str, np.ndarray]:
        layer = tft.TFTransformOutput(str(artifact(root, "Transform", "transform_graph"))).transform_features_layer()
        seeds = tf.constant([-1, *range(len(records) - 1)], tf.int64)  # the first as it is, the others augmented
        return {name: value.numpy() for name, value in layer(raw_features(tf.constant(records), seeds)).items()}

    ours, theirs = transformed(runs["direct"]), transformed(runs["portable"])
    assert theirs.keys() == ours.keys() and len(ours) > 1
    for name, value in ours.items():
        np.testing.assert_array_equal(theirs[name], value)


def test_the_same_evaluation(runs, data):
    ours, theirs = (
        read_evaluation(str(artifact(runs[name], "Evaluator", "evaluation")), SHAPES_LABEL_MAP)[0]
        for name in ("direct", "portable")
    )
    assert theirs.keys() == ours.keys() and len(ours) > 2
    for key, scores in ours.items():
        interval = scores.mean_iou_interval
        assert theirs[key].to_dict() | {"mean_iou_interval": interval} == scores.to_dict()
        # The jackknife cuts the images into random buckets.
        assert (theirs[key].mean_iou_interval is None) == (interval is None)
    known = [np.count_nonzero(mask(record) != VOID) for record in examples(runs["direct"], "eval")]
    assert np.sum(ours[OVERALL].confusion) == sum(known)


def mask(record: bytes) -> np.ndarray:
    encoded = tf.train.Example.FromString(record).features.feature[MASK].bytes_list.value[0]
    return tf.io.decode_png(encoded, channels=1).numpy()


def test_bad_records_are_told_from_workers_too(data, portable, tmp_path):
    broken = shutil.copytree(data, tmp_path / "data")
    shard = sorted(broken.glob("train-*"))[0]
    shard.write_bytes(shard.read_bytes()[:-1])
    told = []
    for beam in ({}, portable):
        component = SegmentationExampleGen(str(broken), SPLITS, SHAPES_LABEL_MAP.to_dict())
        component.with_beam_pipeline_args(beam_args(BeamSettings.model_validate(beam), component.id))
        folder = tmp_path / str(len(told))
        folder.mkdir()
        pipeline = tfx.dsl.Pipeline("bad", str(folder / "root"), metadata_connection(folder), components=[component])
        with pytest.raises(UserError) as caught:
            tfx.orchestration.LocalDagRunner().run(pipeline)
        told.append(str(caught.value))
    assert told[0] == told[1] and str(shard) in told[0]


def test_a_run_does_not_start_without_its_workers(tiny_config, tmp_path):
    with nobody() as service, nobody() as pool:
        overrides = [f"run_dir={tmp_path / 'run'}", "beam.runner=portable", f"beam.options={options(service, pool)}"]
        refused = segpipe("run", tiny_config, *(word for override in overrides for word in ("--set", override)))
    assert refused.returncode == 1 and "Traceback" not in refused.stderr
    assert f"segpipe: no Beam job service at {service} (option job_endpoint): nothing can be reach" in refused.stderr
    assert not (tmp_path / "run" / "root").exists()
