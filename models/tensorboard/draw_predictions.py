"""Pictures of what a network makes of a few images."""

from __future__ import annotations

from functools import partial

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from keras import ops

_SIDE = 256  # pixels: pictures are many


class DrawPredictions:
    """Draws image, label and prediction from left to right.

    Args:
        network: from `[1, H, W, 3]` to logits `[1, h, w, C]`.
        samples: images `[1, H, W, 3] float32, 0..255` and labels `[1, H, W] int64`, 255 = void; a few.
        palette: `[256, 3] uint8`.
    """

    def __init__(self, network: keras.Model, samples: tf.data.Dataset, palette: npt.NDArray[np.uint8]) -> None:
        self.network = network
        self._logits = tf.function(partial(network, training=False), autograph=False)
        self.samples = [(image[0], label[0]) for image, label in samples.as_numpy_iterator()]
        self.palette = palette

    def __call__(self) -> npt.NDArray[np.uint8]:
        """Every n-th pixel of each, so that neither side exceeds 256: `[N, h, 3w, 3]`."""
        return np.stack([self._draw(image, label) for image, label in self.samples])

    def _draw(self, image: npt.NDArray[np.float32], label: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        logits = ops.image.resize(self._logits(image[None]), label.shape, interpolation="bilinear")
        prediction = ops.convert_to_numpy(ops.argmax(logits[0], axis=-1))
        step = -(-max(label.shape) // _SIDE)
        parts = (np.rint(image).astype(np.uint8), self.palette[label], self.palette[prediction])
        return np.concatenate([part[::step, ::step] for part in parts], axis=1)
