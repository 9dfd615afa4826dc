"""Training that is cut off and resumed ends where an uninterrupted one ends."""

import logging

import keras
import numpy as np
import pytest
import tensorflow as tf

from models.checkpoints import Checkpoints
from models.training_progress import TrainingProgress
from schema.user_error import UserError


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


def _train(directory: str, *, stop_at: int | None = None) -> keras.Model:
    network = _network()
    checkpoints = Checkpoints(directory, every=4)
    first_step = checkpoints.restore(network)
    callbacks = [checkpoints, *([_StopAt(stop_at)] if stop_at is not None else [])]
    network.fit(_data(first_step, 20), callbacks=callbacks, verbose=0)
    return network


@pytest.mark.parametrize("stop_at", [2, 9, 15])
def test_resumed_training_ends_in_the_same_weights(tmp_path, stop_at):
    whole = _train(str(tmp_path / "whole"))
    with pytest.raises(_StopError):
        _train(str(tmp_path / "cut"), stop_at=stop_at)
    resumed = _train(str(tmp_path / "cut"))
    assert int(resumed.optimizer.iterations) == 20
    for ours, theirs in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_last_two_are_kept_and_a_half_written_one_is_passed_over(tmp_path):
    _train(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-00000016.weights.h5", "step-00000020.weights.h5"]
    (tmp_path / "partial").write_bytes(b"half a checkpoint")
    assert Checkpoints(str(tmp_path), every=4).restore(_network()) == 20


def test_a_lost_loss_stops_with_step_and_learning_rate():
    network = _network()
    x = np.full((12, 4), np.nan, np.float32)
    with pytest.raises(UserError, match=r"the loss is nan at step 1, learning rate 0\.095"):
        network.fit(x, x[:, 0], batch_size=4, callbacks=[TrainingProgress(20, 4, 0)], verbose=0)


def test_progress_reports_the_loss_of_late(caplog):
    caplog.set_level(logging.INFO, logger="segpipe.training")
    progress = TrainingProgress(steps=3, batch_size=2, first_step=0)
    progress.on_train_begin()
    for batch, running_mean in enumerate((9.0, 6.0, 5.0)):  # losses 9, 3, 3
        progress.on_train_batch_end(batch, {"loss": running_mean})
    first, last = caplog.messages
    assert first == "step 1/3  loss 9.000"
    assert last.startswith("step 3/3  loss 3.000") and last.endswith("0:00 left")
