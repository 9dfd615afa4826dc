"""The Transform graph: one graph from raw records to the model's input, for training, evaluation and serving."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import tensorflow as tf
import tensorflow_transform as tft

from models.data import affine
from models.data.augment_settings import AugmentSettings
from models.data.augmentation import random_color, random_placement, varied_position
from models.settings import Settings
from schema.record import AUGMENT_SEED, IMAGE, MASK, VOID

# Transformed features.
MODEL_INPUT = "image"  # [B, H, W, 3] float32, 0..255
LABEL = "label"  # [B, H, W] int64 class indices, 255 = void
TRAINING_INPUT = "training_image"  # the same two at the size of training, which may be a crop
TRAINING_LABEL = "training_label"
IMAGE_SIZE = "image_size"  # [B, 2] int64: height and width before the warp
CLASS_PIXELS = "class_pixels"  # [B, C] int64: the training split's pixel count of each class, alike in every row


class PreprocessingSettings(Settings):
    """What `preprocessing_fn` is told, as Transform's `custom_config`."""

    input_size: tuple[int, int]
    crop_size: tuple[int, int] | None = None
    num_classes: int
    augment: AugmentSettings
    code: str = ""  # a fingerprint of this code: part of the cache key, read by nobody

    @property
    def training_size(self) -> tuple[int, int]:
        """Height and width of what comes out where a seed is fed."""
        return self.crop_size or self.input_size


def preprocessing_fn(inputs: dict[str, tf.Tensor], custom_config: dict) -> dict[str, tf.Tensor]:
    """Decodes, letterboxes and, where a seed >= 0 is fed, augments and crops, in a single warp an example.

    Raw data has no seed, so evaluation and serving are deterministic by construction. Images are interpolated
    bilinearly, masks take the nearest id; what lies outside the image repeats its edge there and is void here.

    Args:
        inputs: raw features by the record contract: `image/encoded` and mask `[B] string`, `augment/seed`
            `[B, 0 or 1] int64` sparse. The mask is needed for labels and `class_pixels` only.
        custom_config: `PreprocessingSettings` as a dictionary.

    Returns:
        The transformed features named above.
    """
    settings = PreprocessingSettings.model_validate(custom_config)
    seeds = _dense_seeds(inputs[AUGMENT_SEED], tf.size(inputs[IMAGE]))
    size = settings.input_size
    images, labels, sizes = _views(inputs, seeds, size, settings)
    training = (images, labels)
    if settings.augment.max_class_share < 1:
        # Not for `MODEL_INPUT` as well: an image to be served has no mask.
        training = _views(inputs, seeds, settings.training_size, settings, _positions(inputs, seeds, settings))[:2]
    elif settings.training_size != size:
        training = _views(inputs, seeds, settings.training_size, settings)[:2]

    def count_pixels(encoded: tf.Tensor) -> tf.Tensor:
        ids = tf.reshape(tf.cast(_decode_mask(encoded), tf.int32), [-1])
        # Void lies beyond `size` and so is left out.
        counts = tf.raw_ops.DenseBincount(input=ids, size=settings.num_classes, weights=tf.constant([], tf.int64))
        return tf.ensure_shape(counts, [settings.num_classes])

    counts = tf.map_fn(count_pixels, inputs[MASK], fn_output_signature=tf.TensorSpec([settings.num_classes], tf.int64))
    total = tft.sum(counts, reduce_instance_dims=False, name="class_pixels")
    return {
        MODEL_INPUT: images,
        IMAGE_SIZE: sizes,
        LABEL: labels,
        TRAINING_INPUT: tf.identity(training[0]),
        TRAINING_LABEL: tf.identity(training[1]),
        CLASS_PIXELS: tf.zeros_like(counts) + total,
    }


def _views(
    inputs: dict[str, tf.Tensor],
    seeds: tf.Tensor,
    output_size: tuple[int, int],
    settings: PreprocessingSettings,
    positions: tf.Tensor | None = None,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Images `[B, *output_size, 3] float32`, labels `[B, *output_size] int64`, sizes before the warp `[B, 2] int64`."""
    warp_images, warp_masks = _warps(output_size, settings)
    draws = (seeds,) if positions is None else (seeds, positions)
    images, sizes = warp_images(inputs[IMAGE], *draws)
    return images, warp_masks(inputs[MASK], *draws), sizes


@cache
def _warps(output_size: tuple[int, int], settings: PreprocessingSettings) -> tuple[Callable, Callable]:
    """Of images and of masks; apart, since a graph without masks is cut out for serving.

    TFX has `preprocessing_fn` traced ten times a run, which took longer than the transforming of a small dataset.
    """
    upright = not (settings.augment.rotation or settings.augment.shear)

    def place(size: tf.Tensor, seed: tf.Tensor, position: tf.Tensor | None = None) -> tf.Tensor:
        return random_placement(seed, size, output_size, settings.augment, settings.input_size, position)

    def make_input(example: tuple[tf.Tensor, ...]) -> tuple[tf.Tensor, tf.Tensor]:
        encoded, seed, *position = example
        image = _decode_image(encoded)
        size = tf.shape(image)[:2]
        matrix = place(size, seed, *position)
        warped = random_color(affine.warp_image(image, matrix, output_size, upright=upright), seed, settings.augment)
        return tf.ensure_shape(warped, [*output_size, 3]), tf.cast(size, tf.int64)

    def make_label(example: tuple[tf.Tensor, ...]) -> tf.Tensor:
        encoded, *draw = example
        mask = _decode_mask(encoded)
        warped = affine.warp_mask(mask, place(tf.shape(mask)[:2], *draw), output_size, upright=upright)
        return tf.ensure_shape(tf.cast(warped[..., 0], tf.int64), output_size)

    @tf.function(autograph=False)
    def warp_images(*examples: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        spec = (tf.TensorSpec([*output_size, 3], tf.float32), tf.TensorSpec([2], tf.int64))
        return tf.map_fn(make_input, examples, fn_output_signature=spec)

    @tf.function(autograph=False)
    def warp_masks(*examples: tf.Tensor) -> tf.Tensor:
        return tf.map_fn(make_label, examples, fn_output_signature=tf.TensorSpec(output_size, tf.int64))

    return warp_images, warp_masks


def _positions(inputs: dict[str, tf.Tensor], seeds: tf.Tensor, settings: PreprocessingSettings) -> tf.Tensor:
    """Where the crops of training lie, `[B, 2] float32`."""

    def position(example: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        encoded, seed = example
        return varied_position(
            _decode_mask(encoded), seed, settings.training_size, settings.augment, settings.input_size
        )

    return tf.map_fn(position, (inputs[MASK], seeds), fn_output_signature=tf.TensorSpec([2], tf.float32))


def _decode_image(encoded: tf.Tensor) -> tf.Tensor:
    """JPEG or PNG bytes `[] string` -> `[H, W, 3] uint8`; grey is repeated, alpha dropped, EXIF orientation ignored."""
    image = tf.io.decode_image(encoded, channels=3, expand_animations=False)
    return tf.ensure_shape(image, [None, None, 3])


def _decode_mask(encoded: tf.Tensor) -> tf.Tensor:
    """One-channel PNG bytes `[] string` -> `[H, W, 1] uint8` ids. (ExampleGen has turned palette PNGs into these.)

    No bytes give a single void pixel: where no mask is fed, in serving, TFT runs the graph with an empty string.
    """
    mask = tf.cond(
        tf.strings.length(encoded) > 0,
        lambda: tf.io.decode_png(encoded, channels=1),
        lambda: tf.fill([1, 1, 1], tf.constant(VOID, tf.uint8)),
    )
    return tf.ensure_shape(mask, [None, None, 1])


def _dense_seeds(seeds: tf.SparseTensor | tf.Tensor, batch_size: tf.Tensor) -> tf.Tensor:
    """`[B] int64`, -1 where there is none."""
    none = tf.fill([batch_size, 1], tf.constant(-1, tf.int64))
    if isinstance(seeds, tf.SparseTensor):
        seeds = tf.sparse.to_dense(seeds, default_value=-1)
    return tf.concat([tf.reshape(seeds, [batch_size, -1]), none], axis=1)[:, 0]
