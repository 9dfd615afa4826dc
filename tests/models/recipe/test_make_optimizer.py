"""Schedule and optimizers, by hand."""

import keras
import numpy as np
import pytest

from models.recipe.make_optimizer import make_optimizer
from models.recipe.training_settings import TrainingSettings
from models.recipe.warmup_poly import WarmupPoly


@pytest.mark.parametrize(
    ("warmup", "step", "expected"),
    [
        (0, 0, 0.1),
        (0, 75, 0.1 * 0.25**0.9),
        (0, 100, 0.0),
        (0, 120, 0.0),
        (10, 0, 0.01),
        (10, 4, 0.05 * 0.96**0.9),
        (10, 9, 0.1 * 0.91**0.9),
        (10, 50, 0.1 * 0.5**0.9),
    ],
)
def test_warmup_poly(warmup, step, expected):
    assert float(WarmupPoly(0.1, 100, 0.9, warmup)(step)) == pytest.approx(expected, rel=1e-5, abs=1e-8)


def _one_step(gradient=2.0, **settings) -> dict[str, float]:
    """A step of a network of two weights of 1: `backbone` and `head`."""
    backbone = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(1, use_bias=False, name="inner")], name="backbone"
    )
    head = keras.layers.Dense(1, use_bias=False, name="head")
    head.build((None, 1))
    variables = [backbone.trainable_variables[0], head.trainable_variables[0]]
    for variable in variables:
        variable.assign([[1.0]])
    options = {"learning_rate": 0.1, "weight_decay": 0.0, "steps": 1000, **settings}
    if settings.get("optimizer") != "adamw":
        options["momentum"] = 0.0
    optimizer = make_optimizer(TrainingSettings(**options), backbone)
    optimizer.apply([keras.ops.convert_to_tensor([[gradient]])] * 2, variables)
    return {"backbone": variables[0].numpy().item(), "head": variables[1].numpy().item()}


def test_sgd():
    assert _one_step() == pytest.approx({"backbone": 0.8, "head": 0.8})


def test_adam_steps_by_the_learning_rate_whatever_the_gradient():
    assert _one_step(optimizer="adamw", gradient=50.0) == pytest.approx({"backbone": 0.9, "head": 0.9}, rel=1e-4)


@pytest.mark.parametrize(("optimizer", "step"), [("sgd", 0.2), ("adamw", 0.1)])
def test_the_backbone_steps_shorter(optimizer, step):
    moved = _one_step(optimizer=optimizer, backbone_learning_rate=0.1)
    assert moved == pytest.approx({"backbone": 1 - step / 10, "head": 1 - step}, rel=1e-4)


def test_gradients_are_clipped_together():
    # Two of 2: their norm is 2 sqrt(2), and 1 is allowed.
    assert _one_step(clip_norm=1.0)["head"] == pytest.approx(1 - 0.1 / np.sqrt(2), rel=1e-5)


def test_decay_leaves_out_biases_and_norms():
    layer = keras.layers.Dense(1, name="layer")
    norm = keras.layers.BatchNormalization(name="norm")
    layer.build((None, 1))
    norm.build((None, 1))
    variables = [*layer.trainable_variables, *norm.trainable_variables]
    for variable in variables:
        variable.assign(np.ones(variable.shape))
    settings = TrainingSettings(learning_rate=0.1, weight_decay=0.5, momentum=0.0, steps=10)
    optimizer = make_optimizer(settings, keras.Sequential([keras.Input((1,))]))
    optimizer.apply([keras.ops.zeros(variable.shape) for variable in variables], variables)
    # kernel, bias, gamma, beta: decoupled, 1 - 0.1 * 0.5
    assert [variable.numpy().item() for variable in variables] == pytest.approx([0.95, 1, 1, 1])
