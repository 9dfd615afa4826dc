"""Affine maps between the pixels of an image and those of the model's input, and warps by them.

A map is a `[2, 3] float32` matrix from *output* (x, y, 1) to *input* (x, y), in pixels with half-pixel centres: the
middle of the first pixel is (0.5, 0.5), an image spans (0, 0)..(width, height).
"""

from __future__ import annotations

from typing import TypeAlias

import tensorflow as tf

from schema.record import VOID

Size: TypeAlias = tuple[int, int] | tf.Tensor  # height and width; a tensor is `[2] int32`

PADDING = 127.5  # the grey, 0..255, around a letterboxed image


def placement(
    input_size: tf.Tensor,
    output_size: Size,
    *,
    fit: Size | None = None,
    scale: tf.Tensor | float = 1.0,
    rotation: tf.Tensor | float = 0.0,
    shear: tf.Tensor | float = 0.0,
    flip: tf.Tensor | bool = False,
    position: tf.Tensor | tuple[float, float] = (0.5, 0.5),
) -> tf.Tensor:
    """The map that letterboxes an image into the model's input; with arguments, a variation of that.

    Args:
        input_size: `[2] int32` height and width of the image.
        output_size: height and width of the model's input.
        fit: height and width that the image is letterboxed to at scale 1, where the output shows less than all of it.
        scale: factor on the letterbox scale.
        rotation: radians, about the image's centre.
        shear: radians, along x.
        flip: mirror left and right.
        position: (y, x) in 0..1: where the image lies in the room that is left, or, when it is larger than the output,
            where the output lies in the image; (0.5, 0.5) centres it.

    Returns:
        `[2, 3] float32`, from output to input.
    """
    size = tf.cast(input_size, tf.float32)
    output = tf.cast(output_size, tf.float32)
    factor = letterbox_scale(input_size, output_size if fit is None else fit) * scale

    content = size * factor
    centre_out = tf.convert_to_tensor(position, tf.float32) * (output - content) + content / 2
    centre_in = size / 2

    cos, sin, tan = tf.cos(rotation), tf.sin(rotation), tf.tan(shear)
    mirror = tf.where(flip, -1.0, 1.0)
    # Inverse of: mirror, shear along x, rotate, scale.
    xx = mirror * (cos + tan * sin) / factor
    xy = mirror * (sin - tan * cos) / factor
    yx, yy = -sin / factor, cos / factor
    x0 = centre_in[1] - xx * centre_out[1] - xy * centre_out[0]
    y0 = centre_in[0] - yx * centre_out[1] - yy * centre_out[0]
    return tf.reshape(tf.stack([xx, xy, x0, yx, yy, y0]), [2, 3])


def letterbox_scale(input_size: tf.Tensor, output_size: Size) -> tf.Tensor:
    """The largest scale, `[] float32`, at which an image of `input_size` (height, width) fits into `output_size`."""
    return tf.reduce_min(tf.cast(output_size, tf.float32) / tf.cast(input_size, tf.float32))


def invert(matrix: tf.Tensor) -> tf.Tensor:
    """The map back, `[2, 3] float32`."""
    linear = tf.linalg.inv(matrix[:, :2])
    return tf.concat([linear, -linear @ matrix[:, 2:]], axis=1)


def warp_image(image: tf.Tensor, matrix: tf.Tensor, output_size: Size) -> tf.Tensor:
    """Warps bilinearly, without aliasing; what lies outside the image is left as its nearest edge (see `inside`).

    Where the map shrinks below one half, the image is first shrunk by area by a whole factor.

    Args:
        image: `[H, W, 3] uint8`.
        matrix: `[2, 3] float32`, from output to input.
        output_size: height and width.

    Returns:
        `[*output_size, 3] float32, 0..255`.
    """
    size = tf.shape(image)[:2]
    shrink = tf.sqrt(tf.abs(tf.linalg.det(matrix[:, :2])))
    factor = tf.maximum(1, tf.cast(tf.floor(shrink), tf.int32))
    small_size = -(-size // factor)
    small = tf.cond(
        factor > 1,
        lambda: tf.image.resize(image, small_size, method="area"),
        lambda: tf.cast(image, tf.float32),
    )
    ratio = tf.cast(small_size, tf.float32) / tf.cast(size, tf.float32)
    return _warp(small, matrix * ratio[::-1, None], output_size, "BILINEAR", "NEAREST")


def warp_mask(mask: tf.Tensor, matrix: tf.Tensor, output_size: Size) -> tf.Tensor:
    """Warps class ids: each output pixel takes the id of its nearest input pixel, void outside; ids are never mixed.

    Args:
        mask: `[H, W, 1] uint8`.
        matrix: `[2, 3] float32`, from output to input.
        output_size: height and width.

    Returns:
        `[*output_size, 1] uint8`.
    """
    return _warp(mask, matrix, output_size, "NEAREST", "CONSTANT", fill=VOID)


def warp_scores(scores: tf.Tensor, matrix: tf.Tensor, output_size: tf.Tensor) -> tf.Tensor:
    """Warps `[H, W, C] float32` bilinearly to `[*output_size, C]`, repeating the edge."""
    return _warp(scores, matrix, output_size, "BILINEAR", "NEAREST")


def inside(input_size: tf.Tensor, matrix: tf.Tensor, output_size: Size) -> tf.Tensor:
    """Which output pixels show the image: `[*output_size, 1] bool`."""
    ones = tf.ones(tf.concat([input_size, [1]], axis=0), tf.uint8)
    return _warp(ones, matrix, output_size, "NEAREST", "CONSTANT") > 0


def _warp(
    image: tf.Tensor,
    matrix: tf.Tensor,
    output_size: Size,
    interpolation: str,
    fill_mode: str,
    fill: float = 0,
) -> tf.Tensor:
    # The op counts from pixel centres: (0, 0) is the middle of the first pixel.
    shifted = matrix[:, 2] + 0.5 * tf.reduce_sum(matrix[:, :2], axis=1) - 0.5
    transform = tf.concat([matrix[0, :2], shifted[:1], matrix[1, :2], shifted[1:], [0.0, 0.0]], axis=0)
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=image[None],
        transforms=transform[None],
        output_shape=output_size,
        fill_value=tf.cast(fill, tf.float32),
        interpolation=interpolation,
        fill_mode=fill_mode,
    )[0]
