"""Backbones: networks of `keras.applications`, dilated to output stride 16 (arXiv 1706.05587, section 3.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras

from models.settings import ModelSettings
from schema.user_error import UserError


@dataclass(frozen=True)
class Backbone:
    """What the decoder and the dilation need to know of a network.

    Args:
        create: makes the `keras.applications` model, without its head, from the settings, an input shape and weights.
        preprocess: maps RGB 0..255 to what the network was trained on.
        low_level: the layer of output stride 4 that the decoder takes.
        strided: pattern of the layers whose stride takes the output from 16 to 32; it becomes 1.
        dilated: pattern of the convolutions that follow; their dilation becomes 2.
        padding: pattern of the padding layers made for the strided ones, no longer wanted.
    """

    create: Callable[[ModelSettings, tuple[int, int, int], str | None], keras.Model]
    preprocess: Callable[[keras.KerasTensor], keras.KerasTensor]
    low_level: str
    strided: str
    dilated: str
    padding: str | None = None


def _caffe(image: keras.KerasTensor) -> keras.KerasTensor:
    """RGB 0..255 -> BGR with ImageNet's mean taken off, as `keras.applications.ResNet50` was trained."""
    return keras.ops.flip(image, axis=-1) - keras.ops.array([103.939, 116.779, 123.68], "float32")


def _symmetric(image: keras.KerasTensor) -> keras.KerasTensor:
    """0..255 -> -1..1."""
    return image / 127.5 - 1.0


BACKBONES = {
    "resnet50": Backbone(
        create=lambda settings, shape, weights: keras.applications.ResNet50(
            include_top=False, input_shape=shape, weights=weights
        ),
        preprocess=_caffe,
        low_level="conv2_block3_out",
        strided=r"conv5_block1_[01]_conv",
        dilated=r"conv5_block\d_2_conv",
    ),
    "mobilenet_v2": Backbone(
        create=lambda settings, shape, weights: keras.applications.MobileNetV2(
            include_top=False, input_shape=shape, weights=weights, alpha=settings.width
        ),
        preprocess=_symmetric,
        low_level="block_2_add",
        strided=r"block_13_depthwise",
        dilated=r"block_1[456]_depthwise",
        padding=r"block_13_pad",
    ),
}


def dilated_backbone(settings: ModelSettings) -> keras.Model:
    """The backbone at output stride 16, with its weights.

    Args:
        settings: `backbone`, `weights`, `input_size`, `width` and `batch_norm_momentum` are read.

    Returns:
        A model from `[B, H, W, 3]` preprocessed images to `{"low": [B, H/4, W/4, c], "high": [B, H/16, W/16, C]}`.

    Raises:
        UserError: when the weights cannot be had.
    """
    backbone = BACKBONES[settings.backbone]
    plain = _with_weights(backbone, settings)
    config = plain.get_config()
    for layer in config["layers"]:
        name, options = layer["config"]["name"], layer["config"]
        if re.fullmatch(backbone.strided, name):
            options["strides"], options["padding"] = (1, 1), "same"
        elif re.fullmatch(backbone.dilated, name):
            options["dilation_rate"] = (2, 2)
        elif backbone.padding and re.fullmatch(backbone.padding, name):
            options["padding"] = ((0, 0), (0, 0))
        if layer["class_name"] == "BatchNormalization":
            options["momentum"] = settings.batch_norm_momentum
    dilated = keras.Model.from_config(config)
    dilated.set_weights(plain.get_weights())
    outputs = {"low": dilated.get_layer(backbone.low_level).output, "high": dilated.output}
    return keras.Model(dilated.inputs, outputs, name=settings.backbone)


def _with_weights(backbone: Backbone, settings: ModelSettings) -> keras.Model:
    shape = (*settings.input_size, 3)
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
