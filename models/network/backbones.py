"""Backbones: networks of `keras.applications`, dilated to any output stride (arXiv 1706.05587, section 3.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import keras

from models.network.fused_batch_normalization import FusedBatchNormalization
from models.network.model_settings import ModelSettings
from schema.user_error import UserError

Size: TypeAlias = tuple[int, int] | tuple[None, None]  # height and width; None where they may vary
_Shape: TypeAlias = tuple[int | None, int | None, int]


@dataclass(frozen=True)
class Stage:
    """Where a network halves its resolution once more: patterns of layer names.

    Args:
        strided: the layers that do it; with dilation they keep the resolution, at the rate of the stage before.
        dilated: the convolutions that follow, in the order of the stage's units; they take this stage's rate.
        padding: the padding layers made for the strided ones, not wanted then.
    """

    strided: str
    dilated: str
    padding: str | None = None


@dataclass(frozen=True)
class Backbone:
    """What the decoder and the dilation need to know of a network.

    Args:
        create: makes the `keras.applications` model, without its head, from the settings, an input shape and weights.
        preprocess: maps RGB 0..255 to what the network was trained on.
        low_level: the layer of output stride 4 that the decoder takes.
        stages: the last two, which take the output from stride 8 to 16 and from 16 to 32.
    """

    create: Callable[[ModelSettings, _Shape, str | None], keras.Model]
    preprocess: Callable[[keras.KerasTensor], keras.KerasTensor]
    low_level: str
    stages: tuple[Stage, Stage]


def _caffe(image: keras.KerasTensor) -> keras.KerasTensor:
    """RGB 0..255 -> BGR with ImageNet's mean taken off, as `keras.applications.ResNet50` was trained."""
    return keras.ops.flip(image, axis=-1) - keras.ops.array([103.939, 116.779, 123.68], image.dtype)


def _symmetric(image: keras.KerasTensor) -> keras.KerasTensor:
    """0..255 -> -1..1."""
    return image / 127.5 - 1.0


def _resnet(network: Callable[..., keras.Model]) -> Backbone:
    return Backbone(
        create=lambda settings, shape, weights: network(include_top=False, input_shape=shape, weights=weights),
        preprocess=_caffe,
        low_level="conv2_block3_out",
        stages=(
            Stage(r"conv4_block1_[01]_conv", r"conv4_block(\d+)_2_conv"),
            Stage(r"conv5_block1_[01]_conv", r"conv5_block(\d+)_2_conv"),
        ),
    )


BACKBONES = {
    "resnet50": _resnet(keras.applications.ResNet50),
    "resnet101": _resnet(keras.applications.ResNet101),
    "mobilenet_v2": Backbone(
        create=lambda settings, shape, weights: keras.applications.MobileNetV2(
            include_top=False, input_shape=shape, weights=weights, alpha=settings.width
        ),
        preprocess=_symmetric,
        low_level="block_2_add",
        stages=(
            Stage(r"block_6_depthwise", r"block_(7|8|9|10|11|12)_depthwise", r"block_6_pad"),
            Stage(r"block_13_depthwise", r"block_(14|15|16)_depthwise", r"block_13_pad"),
        ),
    ),
}


def dilated_backbone(settings: ModelSettings, size: Size | None = None) -> keras.Model:
    """The backbone at the output stride that the settings ask for, with its weights.

    Args:
        settings: `backbone`, `weights`, `input_size`, `output_stride`, `multi_grid`, `width` and
            `batch_norm_momentum` are read.
        size: of the images, by default `input_size`.

    Returns:
        A model from `[B, H, W, 3]` preprocessed images to `{"low": [B, H/4, W/4, c], "high": [B, H/s, W/s, C]}`, s the
        output stride.

    Raises:
        UserError: when the weights cannot be had.
    """
    backbone = BACKBONES[settings.backbone]
    plain = _with_weights(backbone, settings, (*(size or settings.input_size), 3))
    changes = _changes(plain, backbone, settings)

    def clone(layer: keras.Layer) -> keras.Layer:
        config = layer.get_config() | changes.get(layer.name, {})
        if isinstance(layer, keras.layers.BatchNormalization):
            return FusedBatchNormalization.from_config(config | {"momentum": settings.batch_norm_momentum})
        return type(layer).from_config(config)

    dilated = keras.models.clone_model(plain, clone_function=clone)
    dilated.set_weights(plain.get_weights())
    outputs = {"low": dilated.get_layer(backbone.low_level).output, "high": dilated.output}
    return keras.Model(dilated.inputs, outputs, name=settings.backbone)


def _changes(plain: keras.Model, backbone: Backbone, settings: ModelSettings) -> dict[str, dict[str, object]]:
    """What of which layer's configuration the output stride and the multi-grid change."""
    changes: dict[str, dict[str, object]] = {}
    rate = 1
    for index, stage in enumerate(backbone.stages):
        before, grid = rate, settings.multi_grid if stage is backbone.stages[-1] else (1, 1, 1)
        if settings.output_stride <= 8 * 2**index:
            rate *= 2
        units = [name for layer in plain.layers if re.fullmatch(stage.dilated, name := layer.name)]
        for unit, name in enumerate(units):
            changes[name] = {"dilation_rate": rate * grid[unit % len(grid)]}
        if rate > before:
            for layer in plain.layers:
                if re.fullmatch(stage.strided, layer.name):
                    changes[layer.name] = {"strides": 1, "padding": "same", "dilation_rate": before}
                elif stage.padding and re.fullmatch(stage.padding, layer.name):
                    changes[layer.name] = {"padding": 0}
    return changes


def _with_weights(backbone: Backbone, settings: ModelSettings, shape: _Shape) -> keras.Model:
    if settings.weights == "none":
        return backbone.create(settings, shape, None)
    if settings.weights == "imagenet":
        try:
            return backbone.create(settings, shape, "imagenet")
        except Exception as error:  # Keras wraps what the network raises in a plain Exception.
            raise UserError(
                f"cannot download the ImageNet weights of {settings.backbone}: {error}; "
                "set model.weights to the path of a downloaded file, or to none to start from scratch"
            ) from error
    plain = backbone.create(settings, shape, None)
    if not Path(settings.weights).is_file():
        raise UserError(f"model.weights: no file {settings.weights}; give imagenet, none or the path of a weights file")
    try:
        plain.load_weights(settings.weights)
    except (ValueError, OSError, KeyError) as error:
        raise UserError(
            f"model.weights: {settings.weights} does not fit {settings.backbone} without its head: {error}"
        ) from error
    return plain
