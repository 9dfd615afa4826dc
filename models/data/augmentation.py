"""Random augmentation, drawn statelessly from one seed a sample."""

from __future__ import annotations

import math

import tensorflow as tf

from models.data.affine import Size, placement, warp_mask
from models.data.augment_settings import AugmentSettings
from schema.record import VOID

# Streams of random numbers: adding an op to one leaves the others' draws as they were.
_GEOMETRY, _COLOR, _HUE, _CROP = range(4)
_CROPS = 10  # places that are looked at for one that no class fills
_LUMA = (0.299, 0.587, 0.114)  # brightness as ITU-R BT.601 weighs it
_GRID = 32  # rows and columns of the pixels that are looked at there


def random_placement(
    seed: tf.Tensor,
    input_size: tf.Tensor,
    output_size: Size,
    settings: AugmentSettings,
    fit: Size | None = None,
    position: tf.Tensor | None = None,
) -> tf.Tensor:
    """One warp that scales, rotates, shears, flips and crops.

    Args:
        seed: `[] int64`; below 0 means no augmentation: the plain letterbox.
        input_size: `[2] int32` height and width of the image.
        output_size: height and width of the model's input.
        settings: how much of each.
        fit: height and width that the image is letterboxed to at scale 1, where the output is a crop of that.
        position: `[2] float32` of the crop, as `varied_position` gives it; by default drawn, if crops are asked for.

    Returns:
        `[2, 3] float32`, from output to input (see `models.data.affine`).
    """
    draw = _uniform(seed, _GEOMETRY, 6)
    rotation, shear = math.radians(settings.rotation), math.radians(settings.shear)
    if position is None:
        position = draw[4:6] if settings.crop else tf.constant([0.5, 0.5])
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
        position=choose(position, 0.5),
    )


def varied_position(
    mask: tf.Tensor, seed: tf.Tensor, output_size: Size, settings: AugmentSettings, fit: Size | None = None
) -> tf.Tensor:
    """A random place for the crop where no class has more than `settings.max_class_share` of the valid pixels.

    As `cat_max_ratio` of MMSegmentation's RandomCrop: the place that would be taken anyway, or else the first of nine
    more that will do. Where none does, it is the one whose commonest class has the least share (MMSegmentation takes
    the last); one that shows no valid pixel comes behind all others. Shares are those of 32x32 pixels of the crop.

    Args:
        mask: `[H, W, 1] uint8`.
        seed: `[] int64`.
        output_size: height and width of the crop.
        settings: how the image is placed besides.
        fit: as for `random_placement`, which takes what is given here.

    Returns:
        `[2] float32`, (y, x) in 0..1.
    """
    drawn = _uniform(seed, _GEOMETRY, 6)[4:6]
    places = tf.concat([drawn[None], tf.reshape(_uniform(seed, _CROP, 2 * _CROPS - 2), [-1, 2])], axis=0)
    step = tf.cast(output_size, tf.float32) / _GRID

    def greatest_share(position: tf.Tensor) -> tf.Tensor:
        matrix = random_placement(seed, tf.shape(mask)[:2], output_size, settings, fit, position)
        coarse = warp_mask(mask, matrix * tf.stack([step[1], step[0], 1.0]), (_GRID, _GRID))
        ids = tf.reshape(tf.cast(coarse, tf.int32), [-1])
        # Void lies beyond `size` and so is left out.
        counts = tf.raw_ops.DenseBincount(input=ids, size=VOID, weights=tf.constant([], tf.float32))
        valid = tf.reduce_sum(counts)
        return tf.where(valid > 0, tf.reduce_max(counts) / tf.maximum(valid, 1), math.inf)

    shares = tf.map_fn(greatest_share, places, fn_output_signature=tf.TensorSpec([], tf.float32))
    excess = tf.maximum(shares, settings.max_class_share)
    return places[tf.where(excess <= tf.reduce_min(excess))[0, 0]]


def random_color(image: tf.Tensor, seed: tf.Tensor, settings: AugmentSettings) -> tf.Tensor:
    """Changes brightness, contrast, saturation and hue, in that order.

    What they are is torchvision's ColorJitter's; hue turns by a share of the circle.

    Args:
        image: `[H, W, 3] float32, 0..255`.
        seed: `[] int64`; below 0 returns the image as it is.
        settings: how much of each.

    Returns:
        `[H, W, 3] float32, 0..255`.
    """
    if not (settings.brightness or settings.contrast or settings.saturation or settings.hue):
        return image
    draw = _uniform(seed, _COLOR, 3)
    amounts = (settings.brightness, settings.contrast, settings.saturation)
    brightness, contrast, saturation = (_between(draw[i], 1 - a, 1 + a) for i, a in enumerate(amounts))
    # Each is linear but for the mean brightness: all three are one matrix and one offset.
    mean = brightness * tf.reduce_sum(tf.reduce_mean(image, axis=(0, 1)) * _LUMA)
    saturated = saturation * tf.eye(3) + (1 - saturation) * tf.constant(_LUMA)[:, None]
    result = tf.nn.conv2d(image[None], (brightness * contrast * saturated)[None, None], 1, "VALID")[0]
    result += (1 - contrast) * mean
    if settings.hue:
        result = tf.image.adjust_hue(result, _between(_uniform(seed, _HUE, 1)[0], -settings.hue, settings.hue))
    return tf.where(seed >= 0, tf.clip_by_value(result, 0.0, 255.0), image)


def _uniform(seed: tf.Tensor, stream: int, count: int) -> tf.Tensor:
    return tf.random.stateless_uniform([count], seed=tf.stack([seed, tf.constant(stream, seed.dtype)]))


def _between(draw: tf.Tensor, low: float, high: float) -> tf.Tensor:
    return low + draw * (high - low)
