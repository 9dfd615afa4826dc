"""A training as TFX calls it: killed wherever it hurts, run again, and none the worse for it."""

import csv
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from components.segmentation_metrics.confusion_matrix import confusion_matrix
from models.data.unaugmented_data import unaugmented_data
from schema.scores import mean_iou
from schema.user_error import UserError
from tests.conftest import ROOT
from tests.models.tensorboard.read_events import read_events
from tests.models.tiny import NUM_CLASSES, SIZES, image_and_mask, jpeg, png, serialized
from tests.models.training_run import fn_args, run

pytestmark = pytest.mark.slow

STEPS = 11
TRAINING = {
    "steps": STEPS,
    "batch_size": 2,
    "checkpoint_every": 4,
    "validate_every": 3,
    "held_out": 0.4,
    "oversample": {"class 1": 2},
    "shuffle_buffer": 3,
    "learning_rate": 0.05,
}


@pytest.fixture(scope="module")
def records(tmp_path_factory) -> str:
    path = str(tmp_path_factory.mktemp("records") / "twelve.gz")
    with tf.io.TFRecordWriter(path, "GZIP") as writer:
        for index in range(12):
            image, mask = image_and_mask(index, *SIZES[index % len(SIZES)])
            writer.write(serialized(jpeg(image), png(mask), f"{index}.jpg"))
    return path


@pytest.fixture(scope="module")
def graph(transform) -> str:
    return transform._transform_output_dir


@pytest.fixture(scope="module")
def whole(records, graph, tmp_path_factory) -> Path:
    """A training that nothing interrupts."""
    folder = tmp_path_factory.mktemp("whole")
    run(fn_args(folder, records, graph, **TRAINING))
    return folder


def _weights(folder: Path) -> dict[str, bytes]:
    reader = tf.train.load_checkpoint(str(folder / "serving" / "variables" / "variables"))
    names = reader.get_variable_to_shape_map().keys() - {"_CHECKPOINTABLE_OBJECT_GRAPH"}
    return {name: reader.get_tensor(name).tobytes() for name in names}


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "model_run" / name).read_text().splitlines()))


def test_killed_anywhere_it_ends_where_an_uninterrupted_one_ends(whole, records, graph, tmp_path):
    args = fn_args(tmp_path, records, graph, **TRAINING)
    (tmp_path / "args.json").write_text(json.dumps(args))
    for point, number, kept in [
        ("step", 3, []),  # before the first checkpoint
        ("step", 7, [4]),  # between two
        ("checkpoint", 8, [4]),  # while one is being written
    ]:
        command = [sys.executable, "-m", "tests.models.training_run", str(tmp_path / "args.json"), point, str(number)]
        process = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        assert process.returncode == -signal.SIGKILL, process.stderr
        found = sorted(tmp_path.glob("checkpoints/*/step-*.h5"))
        assert [int(re.search(r"step-(\d+)", path.name)[1]) for path in found] == kept
    run(args)

    assert _weights(tmp_path) == _weights(whole)
    for name in ("training_log.csv", "validation_log.csv"):
        assert (tmp_path / "model_run" / name).read_bytes() == (whole / "model_run" / name).read_bytes()
    assert not list((tmp_path / "checkpoints").iterdir())
    ours, theirs = read_events(tmp_path / "model_run"), read_events(whole / "model_run")
    assert ours.keys() == theirs.keys()
    for tag in ours:
        assert [step for step, _ in ours[tag]] == [step for step, _ in theirs[tag]]
        if tag != "training/mean_iou":  # stands for the steps since the restart there
            assert [value.tolist() for _, value in ours[tag]] == [value.tolist() for _, value in theirs[tag]]


def test_the_training_stops_when_nothing_gets_better_and_the_best_weights_are_exported(
    whole, records, graph, transform, tmp_path, monkeypatch
):
    validations = _rows(whole, "validation_log.csv")
    scores = [float(row["mean_iou"]) for row in validations]
    assert [int(row["step"]) for row in validations] == [3, 6, 9, STEPS]
    stop = next(index for index in range(1, len(scores)) if scores[index] <= max(scores[:index]))
    exported = []
    monkeypatch.setattr("models.run_fn.export", lambda network, *_: exported.append(network))
    run(fn_args(tmp_path, records, graph, **TRAINING, early_stopping=1))
    assert [float(row["mean_iou"]) for row in _rows(tmp_path, "validation_log.csv")] == scores[: stop + 1]
    assert len(_rows(tmp_path, "training_log.csv")) == min(3 * (stop + 1), STEPS)
    matrix = 0
    for image, label in unaugmented_data([records], transform, TRAINING["held_out"]):
        logits = tf.image.resize(exported[0](image, training=False), label.shape[1:])
        matrix += confusion_matrix(label.numpy(), logits.numpy().argmax(-1), NUM_CLASSES)
    assert mean_iou(matrix) == pytest.approx(max(scores[:stop]), abs=1e-3)
    assert abs(mean_iou(matrix) - scores[stop]) > 2e-3  # the last weights are others


def test_tensorboard_shows_what_the_logs_say(whole):
    points = read_events(whole / "model_run")
    losses = [float(row["loss"]) for row in _rows(whole, "training_log.csv")]
    assert [step for step, _ in points["training/loss"]] == [10, STEPS]
    assert points["training/loss"][0][1] == pytest.approx(np.mean(losses[:10]))
    assert points["training/loss"][1][1] == pytest.approx(losses[10])
    assert [step for step, _ in points["training/mean_iou"]] == [10, STEPS]
    assert points["training/learning_rate"][1][1] == pytest.approx(0.0)
    for row in _rows(whole, "validation_log.csv"):
        for tag, column in (
            ("held_out/mean_iou", "mean_iou"),
            ("held_out/loss", "loss"),
            ("held_out_iou/class 1", "iou/class 1"),
        ):
            (value,) = [value for step, value in points[tag] if step == int(row["step"])]
            assert value == pytest.approx(float(row[column]))
    pictures = points["held_out/image, label, prediction"]
    assert [step for step, _ in pictures] == [3, 6, 9, STEPS]
    width, height, *encoded = pictures[0][1].tolist()
    assert (int(width), int(height)) == (3 * 48, 32) and tf.io.decode_png(encoded[0]).shape == (32, 3 * 48, 3)


def test_a_lost_training_exports_nothing_and_fails_again_the_same_way(records, graph, tmp_path):
    lost = TRAINING | {"learning_rate": 1e30, "checkpoint_every": 1, "held_out": 0.0, "validate_every": None}
    args = fn_args(tmp_path, records, graph, **lost)
    messages = []
    for _ in range(2):
        with pytest.raises(UserError, match=r"step \d+, learning rate [\d.]+e\+29") as raised:
            run(args)
        messages.append(str(raised.value))
    assert messages[0] == messages[1]
    assert not (tmp_path / "serving").exists() and not (tmp_path / "model_run").exists()

    run(fn_args(tmp_path, records, graph, **lost | {"learning_rate": 0.01, "steps": 2}))
    assert [row["step"] for row in _rows(tmp_path, "training_log.csv")] == ["1", "2"]
    assert all(np.isfinite(float(row["loss"])) for row in _rows(tmp_path, "training_log.csv"))
    assert (tmp_path / "serving").exists()
