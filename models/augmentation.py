"""Random augmentation, drawn statelessly from one seed a sample."""

from __future__ import annotations

import math

import tensorflow as tf

from models.affine import Size, placement
from models.settings import AugmentSettings

_GEOMETRY, _COLOR = 0, 1  # streams of random numbers: adding an op to one leaves the other's draws as they were


def random_placement(
    seed: tf.Tensor, input_size: tf.Tensor, output_size: Size, settings: AugmentSettings, fit: Size | None = None
) -> tf.Tensor:
    """One warp that scales, rotates, shears, flips and crops.

    Args:
        seed: `[] int64`; below 0 means no augmentation: the plain letterbox.
        input_size: `[2] int32` height and width of the image.
        output_size: height and width of the model's input.
        settings: how much of each.
        fit: height and width that the image is letterboxed to at scale 1, where the output is a crop of that.

    Returns:
        `[2, 3] float32`, from output to input (see `models.affine`).
    """
    draw = _uniform(seed, _GEOMETRY, 6)
    rotation, shear = math.radians(settings.rotation), math.radians(settings.shear)
    random = seed >= 0

    def choose(drawn: tf.Tensor, plain: float | bool) -> tf.Tensor:
        return tf.where(random, drawn, plain)

    return placement(
        input_size,
        output_size,
        fit=fit,
        scale=choose(_between(draw[0], *settings.scale), 1.0),
        rotation=choose(_between(draw[1], -rotation, rotation), 0.0),
        shear=choose(_between(draw[2], -shear, shear), 0.0),
        flip=choose(draw[3] < settings.flip, False),
        position=choose(draw[4:6] if settings.crop else tf.constant([0.5, 0.5]), 0.5),
    )


def random_color(image: tf.Tensor, seed: tf.Tensor, settings: AugmentSettings) -> tf.Tensor:
    """Changes brightness, contrast and saturation, in that order.

    Args:
        image: `[H, W, 3] float32, 0..255`.
        seed: `[] int64`; below 0 returns the image as it is.
        settings: how much of each.

    Returns:
        `[H, W, 3] float32, 0..255`.
    """
    if not (settings.brightness or settings.contrast or settings.saturation):
        return image
    draw = _uniform(seed, _COLOR, 3)
    amounts = (settings.brightness, settings.contrast, settings.saturation)
    brightness, contrast, saturation = (_between(draw[i], 1 - a, 1 + a) for i, a in enumerate(amounts))
    result = image * brightness
    mean = tf.reduce_mean(_luma(result))
    result = mean + (result - mean) * contrast
    grey = _luma(result)
    result = grey + (result - grey) * saturation
    return tf.where(seed >= 0, tf.clip_by_value(result, 0.0, 255.0), image)


def _luma(image: tf.Tensor) -> tf.Tensor:
    """`[H, W, 1]` brightness as ITU-R BT.601 weighs it."""
    return tf.reduce_sum(image * [0.299, 0.587, 0.114], axis=-1, keepdims=True)


def _uniform(seed: tf.Tensor, stream: int, count: int) -> tf.Tensor:
    return tf.random.stateless_uniform([count], seed=tf.stack([seed, tf.constant(stream, seed.dtype)]))


def _between(draw: tf.Tensor, low: float, high: float) -> tf.Tensor:
    return low + draw * (high - low)
