"""Tiny labelled images, and the Transform graph analyzed on them."""

from __future__ import annotations

import io

import numpy as np
import tensorflow as tf
from PIL import Image

from schema.record import (
    CHANNELS,
    CLASS_PIXELS,
    CLASSES_PRESENT,
    FILENAME,
    HEIGHT,
    IMAGE,
    IMAGE_FORMAT,
    MASK,
    MASK_FORMAT,
    PALETTE_MASK,
    SIZE,
    SOURCE,
    VOID,
    VOID_FRACTION,
    WIDTH,
)

NUM_CLASSES = 4


def image_and_mask(index: int, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """`[H, W, 3] uint8` smooth colours and `[H, W] uint8` blocks of ids 0..3 with a void frame."""
    rng = np.random.default_rng(index)
    coarse = Image.fromarray(rng.integers(0, 256, (4, 5, 3), np.uint8))
    image = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
    mask = np.asarray(Image.fromarray(rng.integers(0, NUM_CLASSES, (3, 4), np.uint8)).resize((width, height), 0)).copy()
    mask[:2] = VOID
    mask[:, -1:] = VOID
    return image, mask


def png(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def jpeg(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def serialized(image: bytes, mask: bytes, name: str = "tiny.jpg") -> bytes:
    """A tf.Example such as ExampleGen gives on."""
    ids = np.asarray(Image.open(io.BytesIO(mask)))
    texts = {
        IMAGE: image,
        MASK: mask,
        FILENAME: name.encode(),
        SOURCE: b"tiny",
        IMAGE_FORMAT: b"jpeg",
        MASK_FORMAT: b"png",
        SIZE: b"up to 256",
    }
    features = {key: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value])) for key, value in texts.items()}
    pixels = np.bincount(ids.ravel(), minlength=256)[:NUM_CLASSES]
    numbers = {
        HEIGHT: [ids.shape[0]],
        WIDTH: [ids.shape[1]],
        CHANNELS: [3],
        CLASSES_PRESENT: np.flatnonzero(pixels).tolist(),
        CLASS_PIXELS: pixels.tolist(),
        PALETTE_MASK: [0],
    }
    for key, values in numbers.items():
        features[key] = tf.train.Feature(int64_list=tf.train.Int64List(value=values))
    features[VOID_FRACTION] = tf.train.Feature(float_list=tf.train.FloatList(value=[0.1]))
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


SIZES = [(40, 60), (61, 37), (33, 33), (90, 20), (25, 101)]


def tiny_records() -> list[bytes]:
    """Five records of odd sizes, JPEG images."""
    pairs = [image_and_mask(index, *size) for index, size in enumerate(SIZES)]
    return [serialized(jpeg(image), png(mask), f"{index}.jpg") for index, (image, mask) in enumerate(pairs)]
