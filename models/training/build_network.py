"""The network as it goes into training."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import keras
import tensorflow as tf

from models.network.deeplab_v3_plus import deeplab_v3_plus
from models.network.model_settings import ModelSettings
from models.recipe.make_optimizer import make_optimizer
from models.recipe.precision import precision
from models.recipe.training_settings import TrainingSettings
from models.training.warm_start import warm_start
from schema.label_map import LabelMap
from schema.user_error import UserError

_LOG = logging.getLogger("segpipe.training")
_FEW_IMAGES = 12  # `fine_tune_batch_norm` of DeepLab's train.py: "batch size >= 12 is recommended"


def build_network(
    model: ModelSettings,
    training: TrainingSettings,
    label_map: LabelMap,
    strategy: tf.distribute.Strategy,
    loss: keras.losses.Loss,
    metrics: Sequence[keras.metrics.Metric] = (),
    base_model: str | None = None,
) -> keras.Model:
    """Builds DeepLabV3+ at the size of what a step sees, with its initial weights, and compiles it.

    Args:
        model: the architecture.
        training: the recipe.
        label_map: its classes.
        strategy: from `distribution`; `fit` belongs under its scope.
        loss: of `[B, H, W]` labels and `[B, h, w, C]` logits. Over several devices it is the mean of theirs.
        metrics: of the same, made under the strategy's scope.
        base_model: the folder of the exported model that the weights are taken from, in place of `model.weights`.

    Returns:
        A compiled model whose optimizer has its variables.

    Raises:
        UserError: the weights cannot be had or do not fit, or a device would get too few images.
    """
    replicas = strategy.num_replicas_in_sync
    images = training.batch_size // replicas
    _check_images(images, model, training, pretrained=bool(base_model) or model.weights != "none")
    size = training.crop_size or model.input_size
    weights = {"weights": "none"} if base_model else {}
    with strategy.scope(), precision(training.precision):
        inner = deeplab_v3_plus(model.model_copy(update={"input_size": size} | weights), len(label_map))
        if base_model:
            warm_start(inner, base_model, model, label_map)
    # Outside of the scope: of a model that is made in it, `fit` takes a batch away, only to look at its shape.
    network = keras.Model(inner.input, inner.output, name=inner.name)
    backbone = network.get_layer(model.backbone)
    if training.batch_norm == "frozen":
        _freeze_batch_norm(backbone)
    with strategy.scope():
        optimizer = make_optimizer(training, backbone)
        network.compile(
            optimizer=optimizer,
            loss=loss,
            # Keras adds up the gradients of all devices, and divides only losses that are not yet a mean.
            loss_weights=[1 / replicas] if replicas > 1 else None,
            metrics=list(metrics),
            jit_compile=training.jit_compile,
        )
        optimizer.build(network.trainable_variables)
    return network


def _check_images(images: int, model: ModelSettings, training: TrainingSettings, *, pretrained: bool) -> None:
    """`images` are those of a step on one device, over which batch norm takes its statistics."""
    if images == 1 and model.image_pooling:
        raise UserError(
            "training.batch_size: one image a device leaves the batch norm behind the image pooling a single value, "
            "which it makes 0; give two or more, or model.image_pooling: false"
        )
    if pretrained and training.batch_norm == "train" and images < _FEW_IMAGES:
        _LOG.warning(
            "batch norm takes its statistics over %d images only: from %d on it is better than the statistics that the "
            "weights came with; see training.batch_norm",
            images,
            _FEW_IMAGES,
        )


def _freeze_batch_norm(backbone: keras.Model) -> None:
    """Keeps statistics, scale and offset (arXiv 1512.03385, appendix A; `FrozenBatchNorm2d` of torchvision).

    The layers behind the backbone start from nothing, so theirs train in any case.
    """
    for layer in backbone.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
