"""The log of a training: the loss of each step, not the mean so far."""

import csv

import keras
import numpy as np
import pytest

from models.training.training_log import TrainingLog


def test_each_step_has_its_own_loss_and_learning_rate(tmp_path):
    # One weight w, loss (w x - y)^2 over a batch of one, plain gradient descent: worked out by hand beside it.
    network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    schedule = keras.optimizers.schedules.PolynomialDecay(0.1, 4, end_learning_rate=0.0)
    network.compile(keras.optimizers.SGD(schedule), "mse")
    network.set_weights([np.zeros((1, 1))])
    x, y = np.array([[1.0], [2.0], [1.0]]), np.array([[1.0], [1.0], [3.0]])
    log = TrainingLog()
    network.fit(x, y, batch_size=1, shuffle=False, callbacks=[log], verbose=0)

    weight, losses = 0.0, []
    for step, (a, b) in enumerate(zip(x[:, 0], y[:, 0], strict=True)):
        losses.append((weight * a - b) ** 2)
        weight -= 0.1 * (1 - step / 4) * 2 * (weight * a - b) * a
    log.save(str(tmp_path / "log.csv"))
    rows = list(csv.reader((tmp_path / "log.csv").read_text().splitlines()))
    assert rows[0] == ["step", "loss", "learning_rate"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert [float(row[1]) for row in rows[1:]] == pytest.approx(losses)
    assert [float(row[2]) for row in rows[1:]] == pytest.approx([0.075, 0.05, 0.025])
