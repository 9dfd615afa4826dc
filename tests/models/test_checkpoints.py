"""Training that is cut off and resumed ends where an uninterrupted one ends."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from models.checkpoints import Checkpoints
from models.training_log import Step, TrainingLog

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
