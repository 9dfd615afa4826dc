"""What the guard keeps of an image."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from components.leak_guard.perceptual_hash import perceptual_hash
from schema import record


class Fingerprint(NamedTuple):
    """An image by its name, its pixels and its looks.

    Args:
        split: that it is in.
        name: `image/filename`.
        pixels: 16 bytes, the same for images of the same size and pixels; empty for an image of one colour, which
            is like every other of that colour.
        looks: `perceptual_hash`; empty for an image of one colour.
    """

    split: str
    name: str
    pixels: bytes
    looks: bytes


def fingerprints(file: tuple[str, str]) -> Iterator[Fingerprint]:
    """Those of a split's file, (split, path of a gzipped TFRecord), one image in memory at a time.

    Pixels are compared as the model gets them, three channels of 8 bits, whatever the container: an image that was
    packed anew without loss is the same.
    """
    split, path = file
    for serialized in tf.data.TFRecordDataset(path, compression_type="GZIP").as_numpy_iterator():
        features = tf.train.Example.FromString(serialized).features.feature
        name = features[record.FILENAME].bytes_list.value[0].decode()
        encoded = features[record.IMAGE].bytes_list.value[0]
        pixels = tf.io.decode_image(encoded, channels=3, expand_animations=False).numpy()
        yield Fingerprint(split, name, *_of_pixels(pixels))


def _of_pixels(pixels: np.ndarray) -> tuple[bytes, bytes]:
    color = pixels[0, 0]
    if (pixels[0] == color).all() and (pixels == color).all():  # mostly settled by the first row
        return b"", b""
    digest = hashlib.sha256(str(pixels.shape).encode())
    digest.update(pixels.data)
    return digest.digest()[:16], perceptual_hash(pixels)
