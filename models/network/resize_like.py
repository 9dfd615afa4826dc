"""Resizing to the size of something else."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("segpipe")
class ResizeLike(keras.layers.Layer):
    """Resizes `[B, h, w, C]` to the height and width of a second input `[B, H, W, c]`, also where they vary by call.

    Args:
        interpolation: as of `keras.ops.image.resize`, half-pixel centres.
    """

    def __init__(self, interpolation: str = "bilinear", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.interpolation = interpolation

    def call(self, images: keras.KerasTensor, like: keras.KerasTensor) -> keras.KerasTensor:
        """`[B, h, w, C]` and `[B, H, W, c]` -> `[B, H, W, C]`."""
        return ops.image.resize(images, ops.shape(like)[1:3], interpolation=self.interpolation)

    def compute_output_spec(self, images: keras.KerasTensor, like: keras.KerasTensor) -> keras.KerasTensor:
        """Of inputs whose height and width may be None."""
        return keras.KerasTensor((images.shape[0], *like.shape[1:3], images.shape[3]), images.dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "interpolation": self.interpolation}
