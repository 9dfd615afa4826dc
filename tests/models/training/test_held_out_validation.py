"""What is measured on held-out images, and what follows from it."""

import csv
import logging

import keras
import numpy as np
import pytest
import tensorflow as tf

from components.segmentation_metrics.confusion_matrix import confusion_matrix
from models.recipe.segmentation_loss import SegmentationLoss
from models.training.held_out_validation import HeldOutValidation
from models.training.read_validations import read_validations
from models.training.training_log import Step, TrainingLog
from models.training.validation import Validation
from schema import scores
from schema.user_error import UserError


def _network(size=(8, 12)) -> keras.Model:
    keras.utils.set_random_seed(1)
    layers = [keras.Input((*size, 3)), keras.layers.Conv2D(3, 4, 4), keras.layers.BatchNormalization()]
    return keras.Sequential(layers)


def _data(count=3, void=False) -> list[tuple[np.ndarray, np.ndarray]]:
    random = np.random.default_rng(2)
    examples = []
    for _ in range(count):
        label = random.integers(0, 2, (1, 8, 12))  # class 2 is not there
        label[random.random(label.shape) < random.random()] = 255
        examples.append(
            (random.normal(size=(1, 8, 12, 3)).astype(np.float32), np.full_like(label, 255) if void else label)
        )
    return examples


def _dataset(examples) -> tf.data.Dataset:
    images, labels = (np.stack(part) for part in zip(*examples, strict=True))
    return tf.data.Dataset.from_tensor_slices((images, labels))


def _validation(examples, **changes) -> HeldOutValidation:
    options = {"steps": 20, "every": 5, "patience": None, "log": TrainingLog(), **changes}
    validation = HeldOutValidation(_network(), _dataset(examples), 3, **options)
    trained = _network()
    trained.compile(loss=SegmentationLoss())
    trained.layers[0].bias.assign([0.1, -0.2, 0.3])
    validation.set_model(trained)
    return validation


def _step(validation: HeldOutValidation, step: int) -> None:
    validation.log.steps = [Step(index + 1, 1.0, 0.1) for index in range(step)]
    validation.on_train_batch_end(0)


def test_scores_and_loss_are_those_of_all_pixels_at_the_labels_resolution():
    examples = _data()
    validation = _validation(examples)
    for step in (5, 10):  # the second time as the first: nothing is left over
        _step(validation, step)
    matrix, losses = 0, []
    for image, label in examples:
        logits = validation.model(image, training=False)
        logits = tf.image.resize(logits, label.shape[1:]).numpy().astype(np.float64)
        matrix += confusion_matrix(label, logits.argmax(-1), 3)
        likelihood = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
        valid = label != 255
        losses.append(-np.log(np.take_along_axis(likelihood[valid], label[valid][:, None], 1)))
    for step, found in zip((5, 10), validation.validations, strict=True):
        assert found.step == step
        assert found.loss == pytest.approx(np.concatenate(losses).mean(), rel=1e-5)
        assert found.mean_iou == pytest.approx(scores.mean_iou(matrix))
        np.testing.assert_allclose(found.iou, scores.iou(matrix))
        assert np.isnan(found.iou[2])


@pytest.mark.parametrize(("step", "measured"), [(4, False), (5, True), (19, False), (20, True), (22, True)])
def test_it_measures_every_so_many_steps_and_after_the_last(step, measured):
    validation = _validation(_data(), steps=22)
    _step(validation, step)
    assert [found.step for found in validation.validations] == ([step] if measured else [])
    assert (validation.at(step) is not None) == measured and validation.at(step - 1) is None


def test_images_that_are_all_void_are_a_mistake():
    with pytest.raises(UserError, match="the 2 images held out have no pixel of any class"):
        _step(_validation(_data(2, void=True)), 5)


def _scripted(monkeypatch, mean_ious, **changes) -> HeldOutValidation:
    validation = _validation(_data(1), every=1, **changes)
    script = iter(mean_ious)
    monkeypatch.setattr(validation, "_validation", lambda step: Validation(step, 1.0, next(script), (0.5, np.nan, 0.5)))
    return validation


def test_the_best_weights_are_the_first_of_the_greatest_mean_iou(monkeypatch, caplog):
    caplog.set_level(logging.INFO, logger="segpipe.training")
    validation = _scripted(monkeypatch, [0.2, 0.4, 0.3, 0.4])
    weights = []
    for step in range(1, 5):
        validation.model.layers[0].bias.assign([step, step, step])
        _step(validation, step)
        weights.append(float(validation.best_weights[1][0]))
    assert weights == [1.0, 2.0, 2.0, 2.0]
    assert validation.best.step == 2
    assert [line.split("mIoU ")[1] for line in caplog.messages] == [
        "0.200  best so far",
        "0.400  best so far",
        "0.300  best 0.400 at step 2",
        "0.400  best 0.400 at step 2",
    ]
    assert caplog.messages[0].startswith("held-out images at step 1  loss 1.000  mIoU 0.200")


@pytest.mark.parametrize(("patience", "end"), [(1, 3), (2, 6), (3, None), (None, None)])
def test_it_ends_the_training_when_nothing_gets_better(monkeypatch, patience, end):
    validation = _scripted(monkeypatch, [0.2, 0.4, 0.3, 0.5, 0.5, 0.1, 0.6], patience=patience)
    ended = []
    for step in range(1, 8):
        validation.model.stop_training = False
        _step(validation, step)
        assert validation.stopped == validation.model.stop_training
        ended += [step] if validation.stopped else []
    assert (ended[0] if ended else None) == end


def test_its_log_comes_back_as_it_was_written(monkeypatch, tmp_path):
    validation = _scripted(monkeypatch, [0.25, 1 / 3])
    _step(validation, 1)
    _step(validation, 2)
    path = str(tmp_path / "validation_log.csv")
    validation.save(path, ["road", 'a "quoted", one', "sky"])
    header, *rows = csv.reader((tmp_path / "validation_log.csv").read_text().splitlines())
    assert header == ["step", "loss", "mean_iou", "iou/road", 'iou/a "quoted", one', "iou/sky"]
    assert rows == [["1", "1.0", "0.25", "0.5", "nan", "0.5"], ["2", "1.0", str(1 / 3), "0.5", "nan", "0.5"]]
    first, second = read_validations(path)
    assert (first.step, first.mean_iou, second.mean_iou) == (1, 0.25, 1 / 3)
    np.testing.assert_array_equal(second.iou, [0.5, np.nan, 0.5])
