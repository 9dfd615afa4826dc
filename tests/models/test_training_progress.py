"""What people are told of a training while it runs."""

import logging

import keras
import numpy as np
import pytest

from models.training_log import Step, TrainingLog
from models.training_progress import TrainingProgress
from schema.user_error import UserError


def test_a_lost_loss_stops_with_step_and_learning_rate():
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    network.compile(keras.optimizers.SGD(keras.optimizers.schedules.PolynomialDecay(0.1, 20)), "mse")
    x = np.full((12, 4), np.nan, np.float32)
    log = TrainingLog()
    with pytest.raises(UserError, match=r"the loss is nan at step 1, learning rate 0\.095"):
        network.fit(x, x[:, 0], batch_size=4, callbacks=[log, TrainingProgress(20, 4, log)], verbose=0)


def test_progress_reports_the_loss_of_late(caplog):
    caplog.set_level(logging.INFO, logger="segpipe.training")
    log = TrainingLog()
    progress = TrainingProgress(steps=3, batch_size=2, log=log)
    progress.on_train_begin()
    for batch, loss in enumerate((9.0, 4.0, 2.0)):
        log.steps.append(Step(batch + 1, loss, 0.1))
        progress.on_train_batch_end(batch, {})
    first, last = caplog.messages
    assert first == "step 1/3  loss 9.000"
    assert last.startswith("step 3/3  loss 3.000") and last.endswith("0:00 left")


def test_a_resumed_training_says_where_it_goes_on(caplog):
    caplog.set_level(logging.INFO, logger="segpipe.training")
    log = TrainingLog()
    log.steps = [Step(1, 9.0, 0.1), Step(2, 8.0, 0.1)]
    TrainingProgress(steps=3, batch_size=2, log=log).on_train_begin()
    assert caplog.messages == ["resuming at step 2 of 3"]
