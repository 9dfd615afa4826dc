"""Affine maps between the pixels of an image and those of the model's input, and warps by them.

A map is a `[2, 3] float32` matrix from *output* (x, y, 1) to *input* (x, y), in pixels with half-pixel centres: the
middle of the first pixel is (0.5, 0.5), an image spans (0, 0)..(width, height).
"""

from __future__ import annotations

from typing import TypeAlias

import tensorflow as tf

from schema.record import VOID

Size: TypeAlias = tuple[int, int] | tf.Tensor  # height and width; a tensor is `[2] int32`


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


def warp_image(image: tf.Tensor, matrix: tf.Tensor, output_size: Size, *, upright: bool = False) -> tf.Tensor:
    """Warps bilinearly, without aliasing; outside the image its edge is repeated.

    A border of one colour would be something to recognize, and is no more than a stripe of an image that is scored: a
    network whose crops had shown none lost 3 points of mean IoU to four lines of grey (docs/training.md).

    Where the map shrinks below one half, the image is first shrunk by area by a whole factor.

    Args:
        image: `[H, W, 3] uint8`.
        matrix: `[2, 3] float32`, from output to input.
        output_size: height and width.
        upright: whether the map neither rotates nor shears, which takes less time.

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
    matrix = matrix * ratio[::-1, None]
    if upright:
        return _crop(small, matrix, output_size)
    return _warp(small, matrix, output_size, "BILINEAR", "NEAREST")


def warp_mask(mask: tf.Tensor, matrix: tf.Tensor, output_size: Size, *, upright: bool = False) -> tf.Tensor:
    """Warps class ids: each output pixel takes the id of its nearest input pixel, void outside; ids are never mixed.

    Args:
        mask: `[H, W, 1] uint8`.
        matrix: `[2, 3] float32`, from output to input.
        output_size: height and width.
        upright: whether the map neither rotates nor shears, which takes less time.

    Returns:
        `[*output_size, 1] uint8`.
    """
    if upright:
        return _pick(mask, matrix, output_size)
    return _warp(mask, matrix, output_size, "NEAREST", "CONSTANT", fill=VOID)


def warp_scores(scores: tf.Tensor, matrix: tf.Tensor, output_size: tf.Tensor) -> tf.Tensor:
    """Warps `[H, W, C] float32` bilinearly to `[*output_size, C]`, repeating the edge."""
    return _warp(scores, matrix, output_size, "BILINEAR", "NEAREST")


def _warp(
    image: tf.Tensor,
    matrix: tf.Tensor,
    output_size: Size,
    interpolation: str,
    fill_mode: str,
    fill: float = 0,
) -> tf.Tensor:
    op = _between_centres(matrix)
    transform = tf.concat([op[0], op[1], [0.0, 0.0]], axis=0)
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=image[None],
        transforms=transform[None],
        output_shape=output_size,
        fill_value=tf.cast(fill, tf.float32),
        interpolation=interpolation,
        fill_mode=fill_mode,
    )[0]


def _between_centres(matrix: tf.Tensor) -> tf.Tensor:
    """The map as ops take it, which count from pixel centres: (0, 0) is the middle of the first pixel."""
    shifted = matrix[:, 2] + 0.5 * tf.reduce_sum(matrix[:, :2], axis=1) - 0.5
    return tf.concat([matrix[:, :2], shifted[:, None]], axis=1)


def _places(matrix: tf.Tensor, output_size: Size) -> tuple[tf.Tensor, tf.Tensor]:
    """Of an upright map: which row each output row shows, and which column each column, from pixel centres."""
    op = _between_centres(matrix)
    y, x = (tf.range(tf.cast(side, tf.float32)) for side in (output_size[0], output_size[1]))
    return op[1, 1] * y + op[1, 2], op[0, 0] * x + op[0, 2]


def _crop(image: tf.Tensor, matrix: tf.Tensor, output_size: Size) -> tf.Tensor:
    """`_warp` of `[H, W, C] float32`, bilinearly, by a map that neither rotates nor shears: a third of its time."""
    box, shown = [], []
    for axis, places in enumerate(_places(matrix, output_size)):
        # Nothing is sampled beyond the image. Its edge is widened by more than a step, so that where places do lie
        # beyond, one lies on the edge; all others then show what that one shows.
        edge = tf.cast(tf.math.ceil(tf.abs(matrix[1 - axis, 1 - axis])), tf.int32) + 1
        last = tf.shape(image)[axis] - 1
        before, after = (tf.repeat(tf.gather(image, [end], axis=axis), edge, axis=axis) for end in (0, last))
        image = tf.concat([before, image, after], axis=axis)
        end = tf.cast(last + 2 * edge, tf.float32)
        places += tf.cast(edge, tf.float32)
        box.append((places[0] / end, places[-1] / end))
        inside = tf.where((places > 0.1) & (places < end - 0.1))[:, 0]
        shown.append(tf.clip_by_value(tf.range(tf.size(places, tf.int64)), inside[0], inside[-1]))
    (top, bottom), (left, right) = box
    cropped = tf.image.crop_and_resize(image[None], [tf.stack([top, left, bottom, right])], [0], output_size)[0]
    rows, columns = shown
    everything = (rows[0] == 0) & (columns[0] == 0) & (rows[-1] + 1 == tf.size(rows, tf.int64))
    everything &= columns[-1] + 1 == tf.size(columns, tf.int64)
    return tf.cond(everything, lambda: cropped, lambda: tf.gather(tf.gather(cropped, rows), columns, axis=1))


def _pick(mask: tf.Tensor, matrix: tf.Tensor, output_size: Size) -> tf.Tensor:
    """`_warp` of `[H, W, 1] uint8`, the nearest, by a map that neither rotates nor shears: a fifth of its time."""
    rows, columns = (
        tf.where(
            (place > -0.5) & (place < tf.cast(size, tf.float32) - 0.5), tf.cast(tf.floor(place + 0.5), tf.int32), size
        )
        for place, size in zip(_places(matrix, output_size), tf.unstack(tf.shape(mask)[:2]), strict=True)
    )
    padded = tf.pad(mask[..., 0], [[0, 1], [0, 1]], constant_values=VOID)
    # Rows are copied whole, single ids one by one.
    return tf.transpose(tf.gather(tf.transpose(tf.gather(padded, rows)), columns))[..., None]
