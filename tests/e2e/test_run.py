"""`segpipe run`, for real: every component, then nothing at all, then what the pushed model does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tests.e2e.segpipe import segpipe

pytestmark = pytest.mark.slow

COMPONENTS = [
    "SegmentationExampleGen",
    "CuratedSchema",
    "StatisticsGen",
    "ExampleValidator",
    "AnomalyGuard",
    "LeakGuard",
    "Transform",
    "Trainer",
    "Baseline",
    "Evaluator",
    "Servability",
    "Gate",
    "Pusher",
    "Report",
]


@pytest.fixture(scope="module")
def model(first_run, run_dir) -> Path:
    (version,) = (run_dir / "serving").iterdir()
    return version


def test_a_run_leaves_a_model_and_a_report(first_run, run_dir):
    assert first_run.returncode == 0, first_run.stdout + first_run.stderr
    assert all(re.search(rf"✓ {name} .*\d s", first_run.stderr) for name in COMPONENTS)
    metrics = json.loads((run_dir / "report" / "metrics.json").read_text())
    assert list(metrics["iou"]) == ["background", "disc", "square", "triangle", "star"]
    assert metrics["images"] == 8 and metrics["verdict"]["pushed"] and metrics["baseline"]["state"] == "first"
    assert f"{metrics['mean_iou']:.4f}" in first_run.stdout and metrics["verdict"]["path"] in first_run.stdout
    assert (Path(metrics["verdict"]["path"]) / "saved_model.pb").is_file()
    assert (run_dir / "report" / "index.html").read_text().count("data:image/") >= 9
    assert not (run_dir / "checkpoints").exists()


def test_the_terminal_is_quiet_and_the_log_is_not(first_run, run_dir):
    assert not re.search(r"tensorflow|WARNING|cuda|absl", first_run.stderr)
    assert "Component Trainer is running" in (run_dir / "run.log").read_text()


def test_again_unchanged_executes_nothing(first_run, tiny_config, run_dir):
    before = (run_dir / "report" / "metrics.json").read_bytes()
    again = segpipe("run", tiny_config)
    assert again.returncode == 0, again.stderr
    assert all(f"= {name} " in again.stderr for name in COMPONENTS) and "✓" not in again.stderr
    assert "no component was executed" in again.stdout
    assert (run_dir / "report" / "metrics.json").read_bytes() == before
    assert len(list((run_dir / "serving").iterdir())) == 1


def test_the_report_of_a_past_run_is_made_again(first_run, run_dir, tmp_path):
    made = segpipe("report", run_dir, "--out", tmp_path / "report", "--examples", "1")
    assert (made.returncode, made.stdout) == (0, f"{tmp_path / 'report' / 'index.html'}\n"), made.stderr
    assert (tmp_path / "report" / "metrics.json").read_bytes() == (run_dir / "report" / "metrics.json").read_bytes()
    assert (tmp_path / "report" / "index.html").read_text().count("data:image/") == 4


def _eval_records(run_dir: Path) -> list[bytes]:
    files = sorted(map(str, (run_dir / "root").glob("SegmentationExampleGen/examples/*/Split-eval/*")))
    return list(tf.data.TFRecordDataset(files, compression_type="GZIP").as_numpy_iterator())


def _feature(record: bytes, key: str) -> bytes:
    return tf.train.Example.FromString(record).features.feature[key].bytes_list.value[0]


def test_serving_evaluation_and_predict_agree_to_the_byte(model, run_dir, tiny_config, tmp_path, monkeypatch):
    records = _eval_records(run_dir)
    images = [_feature(record, "image/encoded") for record in records]
    assert len(records) == 8

    served = tf.saved_model.load(str(model)).signatures["serving_default"]
    masks = served(image_bytes=tf.constant(images))["mask_png"].numpy().tolist()

    evaluated = _masks_that_the_evaluator_counts(model, run_dir, tmp_path, monkeypatch)
    truths = [_feature(record, "image/segmentation/class/encoded") for record in records]
    assert evaluated == dict(zip(truths, masks, strict=True))

    files = [tmp_path / f"{index}.jpg" for index in range(len(images))]
    for file, image in zip(files, images, strict=True):
        file.write_bytes(image)
    predicted = segpipe("predict", "--model", run_dir / "serving", *files, "--out", tmp_path / "out")
    assert predicted.returncode == 0, predicted.stderr
    for file, mask in zip(files, masks, strict=True):
        ids = np.asarray(Image.open(tmp_path / "out" / f"{file.stem}.mask.png"))
        np.testing.assert_array_equal(ids, tf.io.decode_png(mask, channels=1)[..., 0])


def _masks_that_the_evaluator_counts(model: Path, run_dir: Path, tmp_path: Path, monkeypatch) -> dict[bytes, bytes]:
    """Predictions by true mask, caught on their way into the confusion matrix of a real Evaluator."""
    from tfx.components.evaluator.executor import Executor
    from tfx.dsl.components.base.base_beam_executor import BaseBeamExecutor
    from tfx.types import artifact_utils, standard_artifacts
    from tfx.utils import io_utils, path_utils, proto_utils

    from components.segmentation_metrics import mask_pair_preprocessor
    from datasets.shapes import SHAPES_LABEL_MAP
    from pipeline.eval_config import eval_config
    from pipeline.evaluation_settings import EvaluationSettings

    seen: list[bytes] = []
    original = mask_pair_preprocessor.mask_ids

    def spy(value):
        seen.append(np.asarray(value).item() if not isinstance(value, bytes) else value)
        return original(value)

    monkeypatch.setattr(mask_pair_preprocessor, "mask_ids", spy)
    examples, candidate = standard_artifacts.Examples(), standard_artifacts.Model()
    (examples_dir,) = (run_dir / "root" / "SegmentationExampleGen" / "examples").iterdir()
    examples.uri, examples.split_names = str(examples_dir), artifact_utils.encode_split_names(["train", "eval"])
    candidate.uri = str(tmp_path / "candidate")
    io_utils.copy_dir(str(model), path_utils.serving_model_dir(candidate.uri))
    schema = standard_artifacts.Schema()
    (schema_dir,) = (run_dir / "root" / "CuratedSchema" / "schema").iterdir()
    schema.uri = str(schema_dir)
    evaluation, blessing = standard_artifacts.ModelEvaluation(), standard_artifacts.ModelBlessing()
    evaluation.uri, blessing.uri = str(tmp_path / "evaluation"), str(tmp_path / "blessing")
    settings = EvaluationSettings.model_validate({"gate": {"min_mean_iou": 0.0}})
    context = BaseBeamExecutor.Context(
        beam_pipeline_args=["--runner=apache_beam.runners.portability.fn_api_runner.FnApiRunner"],
        tmp_dir=str(tmp_path / "tmp"),
        unique_id="1",
    )
    Executor(context).Do(
        {"examples": [examples], "model": [candidate], "schema": [schema]},
        {"evaluation": [evaluation], "blessing": [blessing]},
        {
            "eval_config": proto_utils.proto_to_json(eval_config(settings, SHAPES_LABEL_MAP)),
            "example_splits": '["eval"]',
        },
    )
    return dict(zip(seen[::2], seen[1::2], strict=True))


def test_a_killed_training_goes_on_where_it_was(tiny_config, first_run, run_dir, tmp_path):
    """Killed outright in the middle of training, then run again: it resumes, and ends in the same metrics."""
    whole = json.loads((run_dir / "report" / "metrics.json").read_text())
    cut = tmp_path / "cut"
    settings = ["--set", f"run_dir={cut}", "--set", "servability.enabled=false"]
    command = [str(Path(sys.executable).with_name("segpipe")), "run", str(tiny_config), *settings]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while process.poll() is None and not list(cut.glob("checkpoints/*/step-00000005*")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert process.poll() is None, "the run ended before it could be killed"
    process.kill()
    process.wait()
    assert not (cut / "serving").exists()

    resumed = segpipe("run", tiny_config, *settings)
    assert resumed.returncode == 0, resumed.stderr
    assert "resuming at step" in resumed.stderr and "= Transform " in resumed.stderr
    metrics = json.loads((cut / "report" / "metrics.json").read_text())
    assert metrics["iou"] == pytest.approx(whole["iou"], abs=1e-6)
    np.testing.assert_allclose(_training_log(cut), _training_log(run_dir), rtol=1e-5)


def _training_log(run_dir: Path) -> list[list[float]]:
    (path,) = (run_dir / "root" / "Trainer" / "model_run").glob("*/training_log.csv")
    header, *rows = path.read_text().splitlines()
    assert header == "step,loss,learning_rate" and len(rows) == 12
    return [[float(value) for value in row.split(",")] for row in rows]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda shard: shard.write_bytes(shard.read_bytes()[:-100]),
            r"val-00000-of-00001\.tfrecord, record 7: .*truncated",
        ),
        (
            lambda shard: shard.write_bytes(b"not a TFRecord, by far" * 9),
            r"val-00000-of-00001\.tfrecord, record 0: .*not a TFRecord",
        ),
    ],
    ids=["truncated", "foreign"],
)
def test_bad_data_stops_the_run_with_a_line_and_pushes_nothing(tiny_config, shapes, tmp_path, spoil, message):
    data = tmp_path / "data"
    shutil.copytree(shapes, data)
    spoil(next(data.glob("val-*")))
    failed = segpipe("run", tiny_config, "--set", f"data.path={data}", "--set", f"run_dir={tmp_path / 'run'}")
    assert failed.returncode == 1
    assert re.search(message, failed.stderr) and "Traceback" not in failed.stderr
    assert not (tmp_path / "run" / "serving").exists() and not (tmp_path / "run" / "report").exists()
    assert not list((tmp_path / "run" / "root").glob("SegmentationExampleGen/examples/*"))


def test_an_image_in_two_splits_stops_the_run_before_it_is_trained_on(tiny_config, shapes, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(shapes, data)
    shutil.copy(next(data.glob("train-*")), data / "val-leak.tfrecord")
    failed = segpipe("run", tiny_config, "--set", f"data.path={data}", "--set", f"run_dir={tmp_path / 'run'}")
    assert failed.returncode == 1 and "Traceback" not in failed.stderr
    for kind in ("name", "pixels"):
        told = f"  same {kind} in two splits, 24: train_000000.jpg (train) and train_000000.jpg (eval); "
        assert told in failed.stderr
    assert "✓ Transform" not in failed.stderr and not (tmp_path / "run" / "report").exists()
