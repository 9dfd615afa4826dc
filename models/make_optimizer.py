"""The optimizer of a training."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from models.settings import TrainingSettings
from models.warmup_poly import WarmupPoly

_NOT_DECAYED = ["bias", "gamma", "beta"]


def make_optimizer(training: TrainingSettings, backbone: keras.Model) -> keras.optimizers.Optimizer:
    """SGD with momentum or AdamW under the poly schedule with warm-up.

    Args:
        training: the recipe.
        backbone: the part of the network that gets `backbone_learning_rate`.
    """
    rate = WarmupPoly(training.learning_rate, training.steps, training.poly_power, training.warmup_steps)
    options: dict[str, Any] = {"global_clipnorm": training.clip_norm}
    if training.optimizer == "sgd":
        kind = keras.optimizers.SGD
        options |= {"momentum": training.momentum, "weight_decay": training.weight_decay or None}
    else:
        kind = keras.optimizers.AdamW
        options |= {"weight_decay": training.weight_decay}
    if training.backbone_learning_rate != 1.0:
        kind = _scaled(kind, backbone, training.backbone_learning_rate)
    optimizer = kind(rate, **options)
    if training.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=_NOT_DECAYED)
    return optimizer


def _scaled(
    kind: type[keras.optimizers.Optimizer], backbone: keras.Model, factor: float
) -> type[keras.optimizers.Optimizer]:
    """An optimizer whose steps are shorter for the backbone. (Scaled gradients would do nothing to Adam.)"""

    slow = {variable.value.ref() for variable in backbone.trainable_variables}

    class Scaled(kind):  # type: ignore[misc, valid-type]
        def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: tf.Tensor) -> None:
            super().update_step(gradient, variable, learning_rate * (factor if variable.ref() in slow else 1.0))

    return Scaled
