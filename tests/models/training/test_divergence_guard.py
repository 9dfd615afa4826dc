"""A training that is lost stops with step and learning rate, and is never kept."""

import keras
import numpy as np
import pytest

from models.training.divergence_guard import DivergenceGuard
from models.training.training_log import Step, TrainingLog
from schema.user_error import UserError


def _network() -> keras.Model:
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    network.compile(keras.optimizers.SGD(keras.optimizers.schedules.PolynomialDecay(0.1, 20)), "mse")
    return network


def test_a_lost_loss():
    network = _network()
    x = np.full((12, 4), np.nan, np.float32)
    log = TrainingLog()
    with pytest.raises(UserError, match=r"the loss is nan at step 1, learning rate 0\.095; lower training.learning_ra"):
        network.fit(x, x[:, 0], batch_size=4, callbacks=[log, DivergenceGuard([500], 20, log)], verbose=0)


@pytest.mark.parametrize(("step", "seen"), [(3, False), (4, True), (6, True), (7, True), (8, True)])
def test_lost_weights_are_seen_where_they_would_be_kept(step, seen):
    network, log = _network(), TrainingLog()
    network.layers[0].bias.assign([np.inf])
    log.steps = [Step(index + 1, 1.0, 0.25) for index in range(step)]
    guard = DivergenceGuard([4, 6], 7, log)
    guard.set_model(network)
    if seen:
        with pytest.raises(UserError, match=rf"no longer numbers after step {step}, learning rate 0\.25; lower"):
            guard.on_train_batch_end(0)
    else:
        guard.on_train_batch_end(0)
    network.layers[0].bias.assign([0.0])
    guard.on_train_batch_end(0)
