"""Which points and pictures TensorBoard gets. (Of a whole training: see test_run_fn.)"""

from types import SimpleNamespace

import numpy as np
import pytest

from models.tensorboard.event_files import EventFiles
from models.tensorboard.tensorboard_events import TensorBoardEvents
from models.training.pixel_counts import PixelCounts
from models.training.training_log import Step, TrainingLog
from models.training.validation import Validation
from tests.models.tensorboard.read_events import read_events


class _Draw:
    samples = (0, 1)

    def __init__(self) -> None:
        self.weights: list[str] = []
        self.network = SimpleNamespace(set_weights=self.weights.append)

    def __call__(self) -> np.ndarray:
        return np.zeros((2, 4, 12, 3), np.uint8)


def _events(folder, validation=None, steps=23) -> TensorBoardEvents:
    options = {"checkpoint_every": 6, "steps": steps, "log": TrainingLog(), "counts": PixelCounts(2)}
    events = TensorBoardEvents(EventFiles(str(folder)), _Draw(), ("road", "sky"), **options, validation=validation)
    events.set_model(SimpleNamespace(stop_training=False, get_weights=lambda: "those of the training"))
    return events


def _train(events, first, last) -> None:
    """The loss of step n is n, and each step has one pixel more that is right than wrong."""
    events.log.steps = [Step(step, float(step), 1 / step) for step in range(1, first)]
    events.on_train_begin()
    for step in range(first, last + 1):
        events.log.steps.append(Step(step, float(step), 1 / step))
        events.counts.counts.assign([step * (step - 1) // 2, step, 0, 0])
        events.on_train_batch_end(step - first)


def test_a_point_stands_for_the_steps_since_the_last(tmp_path):
    _train(_events(tmp_path), 1, 23)
    points = read_events(tmp_path)
    assert [(step, float(value)) for step, value in points["training/loss"]] == [(10, 5.5), (20, 15.5), (23, 22.0)]
    rates = [float(value) for _, value in points["training/learning_rate"]]
    assert rates == pytest.approx([1 / 10, 1 / 20, 1 / 23])
    # Right, wrong: (45, 10), (190, 20), (253, 23); and so in each stretch.
    means = [float(value) for _, value in points["training/mean_iou"]]
    assert means == pytest.approx([45 / 55, 145 / 155, 63 / 66])


def test_without_held_out_images_pictures_come_with_checkpoints(tmp_path):
    events = _events(tmp_path)
    _train(events, 1, 23)
    points = read_events(tmp_path)
    assert [step for step, _ in points["training/image, label, prediction"]] == [6, 12, 18, 23]
    assert events.draw.weights == ["those of the training"] * 4
    assert not [tag for tag in points if tag.startswith("held_out")]


def test_what_was_measured_is_written_at_its_step(tmp_path):
    measured = {7: Validation(7, 2.0, 0.25, (0.5, float("nan"))), 14: Validation(14, 1.0, 0.75, (0.5, 1.0))}
    _train(_events(tmp_path, SimpleNamespace(at=measured.get)), 1, 23)
    points = {tag: [(step, value) for step, value in values] for tag, values in read_events(tmp_path).items()}
    assert [(step, float(value)) for step, value in points["held_out/mean_iou"]] == [(7, 0.25), (14, 0.75)]
    assert [(step, float(value)) for step, value in points["held_out/loss"]] == [(7, 2.0), (14, 1.0)]
    assert [(step, float(value)) for step, value in points["held_out_iou/sky"]] == [(14, 1.0)]
    assert [step for step, _ in points["held_out/image, label, prediction"]] == [7, 14]
    assert "training/image, label, prediction" not in points


def test_a_restart_doubles_no_step(tmp_path):
    _train(_events(tmp_path), 1, 11)  # cut off behind the checkpoint of step 6
    _train(_events(tmp_path), 7, 23)
    points = read_events(tmp_path)
    assert [(step, float(value)) for step, value in points["training/loss"]] == [(10, 5.5), (20, 15.5), (23, 22.0)]
    assert [step for step, _ in points["training/image, label, prediction"]] == [6, 12, 18, 23]


def test_a_training_that_ends_early_has_a_last_point(tmp_path):
    events = _events(tmp_path)
    _train(events, 1, 12)
    events.model.stop_training = True
    events.log.steps.append(Step(13, 13.0, 0.5))
    events.on_train_batch_end(12)
    assert [(step, float(value)) for step, value in read_events(tmp_path)["training/loss"]] == [(10, 5.5), (13, 12.0)]
