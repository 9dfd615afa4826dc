"""Resizing to the size of something else."""

from __future__ import annotations

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("segpipe")
class ResizeLike(keras.layers.Layer):
    """Resizes bilinearly to the height and width of a second input, also where they differ from call to call."""

    def call(self, images: keras.KerasTensor, like: keras.KerasTensor) -> keras.KerasTensor:
        """`[B, h, w, C]` and `[B, H, W, c]` -> `[B, H, W, C]`."""
        # Keras 3.15's own compares the size in Python, and a tensor has no truth there.
        return tf.cast(tf.image.resize(images, tf.shape(like)[1:3]), images.dtype)

    def compute_output_spec(self, images: keras.KerasTensor, like: keras.KerasTensor) -> keras.KerasTensor:
        """Of inputs whose height and width may be None."""
        return keras.KerasTensor((images.shape[0], *like.shape[1:3], images.shape[3]), images.dtype)
