"""DeepLabV3+: atrous encoder, ASPP and decoder (Chen et al. 2018, arXiv 1802.02611)."""

from __future__ import annotations

import keras
from keras import layers

from models.network.backbones import BACKBONES, dilated_backbone
from models.network.fused_batch_normalization import FusedBatchNormalization
from models.network.model_settings import ModelSettings
from models.network.resize_like import ResizeLike


def deeplab_v3_plus(settings: ModelSettings, num_classes: int, *, any_size: bool = False) -> keras.Model:
    """Builds the network, with its own input preprocessing inside.

    Args:
        settings: backbone, input size and filters.
        num_classes: C, void left out.
        any_size: leave H and W open, to be any multiples of the output stride; by default `input_size`.

    Returns:
        A model from `[B, H, W, 3] float32, 0..255` RGB to `[B, H/4, W/4, C] float32` logits.

    Raises:
        UserError: when the backbone's weights cannot be had.
    """
    size = (None, None) if any_size else settings.input_size
    image = keras.Input((*size, 3), name="image")
    features = dilated_backbone(settings, size)(BACKBONES[settings.backbone].preprocess(image))
    encoded = _aspp(features["high"], settings)
    decoded = _decoder(encoded, features["low"], settings)
    # float32 even under a mixed precision policy: softmax over logits needs it.
    logits = layers.Conv2D(num_classes, 1, dtype="float32", name="logits")(decoded)
    return keras.Model(image, logits, name="deeplab_v3_plus")


def _aspp(x: keras.KerasTensor, settings: ModelSettings) -> keras.KerasTensor:
    """Atrous spatial pyramid pooling with image pooling (section 3.1; arXiv 1706.05587, section 3.3)."""
    filters = settings.aspp_filters
    branch = _separable if settings.aspp == "separable" else _plain
    branches = [_convolution(x, filters, settings, "aspp_1x1")]
    for rate in settings.atrous_rates:
        # Stated at stride 16: the same reach in input pixels at any other.
        branches.append(branch(x, filters, settings, f"aspp_rate_{rate}", max(1, rate * 16 // settings.output_stride)))
    if settings.image_pooling:
        pooled = layers.GlobalAveragePooling2D(keepdims=True, name="aspp_pool")(x)
        pooled = _convolution(pooled, filters, settings, "aspp_pool_conv")
        branches.append(ResizeLike(name="aspp_pool_spread")(pooled, x))
    merged = layers.Concatenate(name="aspp_concat")(branches)
    projected = _convolution(merged, filters, settings, "aspp_project")
    return layers.Dropout(settings.dropout, name="aspp_dropout")(projected)


def _decoder(encoded: keras.KerasTensor, low: keras.KerasTensor, settings: ModelSettings) -> keras.KerasTensor:
    """Refines the encoder's output with features of stride 4 (section 3.1, figure 2)."""
    low = _convolution(low, settings.low_level_filters, settings, "decoder_low_level")
    encoded = ResizeLike(name="decoder_resize")(encoded, low)
    merged = layers.Concatenate(name="decoder_concat")([encoded, low])
    for index in range(2):
        merged = _separable(merged, settings.decoder_filters, settings, f"decoder_{index + 1}")
    return merged


def _separable(
    x: keras.KerasTensor, filters: int, settings: ModelSettings, name: str, rate: int = 1
) -> keras.KerasTensor:
    """Atrous separable 3x3: batch norm and activation behind the depthwise and the pointwise part (section 3.2)."""
    x = layers.DepthwiseConv2D(3, padding="same", dilation_rate=rate, use_bias=False, name=f"{name}_depthwise")(x)
    x = _norm_activation(x, settings, f"{name}_depthwise")
    return _convolution(x, filters, settings, f"{name}_pointwise")


def _plain(x: keras.KerasTensor, filters: int, settings: ModelSettings, name: str, rate: int) -> keras.KerasTensor:
    """Atrous 3x3 (arXiv 1706.05587, section 3.3)."""
    return _convolution(x, filters, settings, name, size=3, dilation_rate=rate)


def _convolution(
    x: keras.KerasTensor, filters: int, settings: ModelSettings, name: str, size: int = 1, dilation_rate: int = 1
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, size, padding="same", dilation_rate=dilation_rate, use_bias=False, name=name)(x)
    return _norm_activation(x, settings, name)


def _norm_activation(x: keras.KerasTensor, settings: ModelSettings, name: str) -> keras.KerasTensor:
    x = FusedBatchNormalization(momentum=settings.batch_norm_momentum, name=f"{name}_bn")(x)
    return layers.Activation(settings.activation, name=f"{name}_{settings.activation}")(x)
