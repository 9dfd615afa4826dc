"""Training that is cut off and resumed ends where an uninterrupted one ends."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from models.training.checkpoints import Checkpoints
from models.training.held_out_validation import HeldOutValidation
from models.training.training_log import Step, TrainingLog
from models.training.validation import Validation

pytestmark = pytest.mark.slow


def _network() -> keras.Model:
    keras.utils.set_random_seed(0)
    layers = [
        keras.Input((4,)),
        keras.layers.Dense(8, "relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(1),
    ]
    network = keras.Sequential(layers)
    network.compile(keras.optimizers.AdamW(keras.optimizers.schedules.PolynomialDecay(0.1, 20)), "mse")
    return network


def _data(first_step: int, steps: int) -> tf.data.Dataset:
    random = np.random.default_rng(1)
    x = random.normal(size=(20, 6, 4)).astype(np.float32)
    return tf.data.Dataset.from_tensor_slices((x, x.sum(-1))).skip(first_step).take(steps - first_step)


class _StopError(Exception):
    pass


class _StopAt(keras.callbacks.Callback):
    def __init__(self, batch: int) -> None:
        super().__init__()
        self.batch = batch

    def on_train_batch_end(self, batch, logs=None):
        if batch == self.batch:
            raise _StopError


def _train(directory: str, *, stop_at: int | None = None) -> tuple[keras.Model, list[Step]]:
    network = _network()
    log = TrainingLog()
    checkpoints = Checkpoints(directory, every=4, log=log)
    first_step = checkpoints.restore(network)
    callbacks = [log, checkpoints, *([_StopAt(stop_at)] if stop_at is not None else [])]
    network.fit(_data(first_step, 20), callbacks=callbacks, verbose=0)
    return network, log.steps


@pytest.mark.parametrize("stop_at", [2, 9, 15])
def test_resumed_training_ends_in_the_same_weights(tmp_path, stop_at):
    whole, whole_log = _train(str(tmp_path / "whole"))
    with pytest.raises(_StopError):
        _train(str(tmp_path / "cut"), stop_at=stop_at)
    resumed, resumed_log = _train(str(tmp_path / "cut"))
    assert int(resumed.optimizer.iterations) == 20
    for ours, theirs in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert resumed_log == whole_log and [step.step for step in whole_log] == list(range(1, 21))


def test_the_last_two_are_kept_and_a_half_written_one_is_passed_over(tmp_path):
    _train(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-00000016.weights.h5", "step-00000020.weights.h5"]
    (tmp_path / "partial").write_bytes(b"half a checkpoint")
    assert Checkpoints(str(tmp_path), every=4, log=TrainingLog()).restore(_network()) == 20


def test_what_is_removed_is_one_training_and_nothing_beside_it(tmp_path):
    _train(str(tmp_path / "ours"))
    (tmp_path / "another").mkdir()
    (tmp_path / "serving.txt").write_text("not ours")
    checkpoints = Checkpoints(str(tmp_path / "ours"), every=4, log=TrainingLog())
    checkpoints.remove()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["another", "serving.txt"]
    checkpoints.remove()  # a training shorter than its first checkpoint has no folder


def _validation(validations=(), best_weights=()) -> HeldOutValidation:
    data = tf.data.Dataset.from_tensors((0, 0))
    validation = HeldOutValidation(_network(), data, 2, steps=20, every=2, patience=3, log=TrainingLog())
    validation.validations, validation.best_weights = list(validations), list(best_weights)
    return validation


@pytest.mark.parametrize("measured", [0, 3])
def test_what_was_measured_and_the_best_weights_come_back_to_the_bit(tmp_path, measured):
    network, log = _network(), TrainingLog()
    log.steps = [Step(1, 0.1, 1 / 3)]
    means = [0.1, 0.7, 1 / 3][:measured]
    validations = [Validation(step + 1, 1 / 7, mean, (0.1 * step, np.nan)) for step, mean in enumerate(means)]
    # Twelve, so that their order is not that of their numbers as text; and of every kind of shape.
    best = [np.random.default_rng(index).normal(size=(index, 2)[: index % 3]).astype(np.float32) for index in range(12)]
    kept = _validation(validations, best[: 4 * measured])
    checkpoints = Checkpoints(str(tmp_path), every=1, log=log, validation=kept)
    checkpoints.set_model(network)
    checkpoints.on_train_batch_end(0)

    found, again = _validation(), TrainingLog()
    assert Checkpoints(str(tmp_path), every=1, log=again, validation=found).restore(_network()) == 1
    assert again.steps == log.steps
    for ours, theirs in zip(found.validations, validations, strict=True):
        assert ours[:3] == theirs[:3]
        np.testing.assert_array_equal(ours.iou, theirs.iou)
    assert len(found.best_weights) == 4 * measured
    for ours, theirs in zip(found.best_weights, best, strict=False):
        assert np.shape(ours) == theirs.shape and np.asarray(ours).tobytes() == theirs.tobytes()
    assert (found.best, found.stopped) == (found.validations[1] if measured else None, False)
