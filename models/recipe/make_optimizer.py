"""The optimizer of a training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from models.recipe.training_settings import TrainingSettings
from models.recipe.warmup_poly import WarmupPoly

_NOT_DECAYED = ["bias", "gamma", "beta"]


def make_optimizer(training: TrainingSettings, backbone: keras.Model) -> keras.optimizers.Optimizer:
    """SGD with momentum or AdamW under the poly schedule with warm-up, with loss scaling in float16.

    Is called under the scope of the strategy that the network is trained with.

    Args:
        training: the recipe.
        backbone: the part of the network that gets `backbone_learning_rate`.
    """
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    rate = WarmupPoly(training.learning_rate, training.steps, training.poly_power, training.warmup_steps)
    # Keras clips before it sums over replicas: what `_agreeing` gives each is the mean.
    options: dict[str, Any] = {"global_clipnorm": training.clip_norm and training.clip_norm / replicas}
    if training.optimizer == "sgd":
        kind = keras.optimizers.SGD
        options |= {"momentum": training.momentum, "weight_decay": training.weight_decay or None}
    else:
        kind = keras.optimizers.AdamW
        options |= {"weight_decay": training.weight_decay}
    if training.backbone_learning_rate != 1.0:
        kind = _scaled(kind, backbone, training.backbone_learning_rate)
    half = training.precision == "mixed_float16"
    if replicas > 1 and training.clip_norm and not half:
        kind = _agreeing(kind)
    optimizer = kind(rate, **options)
    if training.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=_NOT_DECAYED)
    if half:
        scaling = keras.optimizers.LossScaleOptimizer
        optimizer = (_agreeing(scaling) if replicas > 1 else scaling)(optimizer)
    return optimizer


def _scaled(
    kind: type[keras.optimizers.Optimizer], backbone: keras.Model, factor: float
) -> type[keras.optimizers.Optimizer]:
    """An optimizer whose steps are shorter for the backbone. (Scaled gradients would do nothing to Adam.)"""

    on_each_device = tf.distribute.get_strategy().experimental_local_results
    variables = [on_each_device(variable.value) for variable in backbone.trainable_variables]
    slow = {variable.ref() for copies in variables for variable in copies}

    class Scaled(kind):  # type: ignore[misc, valid-type]
        def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: tf.Tensor) -> None:
            super().update_step(gradient, variable, learning_rate * (factor if variable.ref() in slow else 1.0))

    return Scaled


def _agreeing(kind: type[keras.optimizers.Optimizer]) -> type[keras.optimizers.Optimizer]:
    """An optimizer whose replicas all get the mean of their gradients.

    Keras would clip each replica's own, or see in one of them an overflow that the others have not had.
    """

    class Agreeing(kind):  # type: ignore[misc, valid-type]
        def apply(
            self, gradients: Sequence[tf.Tensor], trainable_variables: Sequence[keras.Variable] | None = None
        ) -> None:
            context = tf.distribute.get_replica_context()
            means = context.all_reduce(tf.distribute.ReduceOp.MEAN, list(gradients))
            super().apply(means, trainable_variables)

    return Agreeing
