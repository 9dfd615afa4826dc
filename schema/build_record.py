"""Puts the parts of a labelled image together."""

from __future__ import annotations

import tensorflow as tf

from schema import record
from schema.check_image import CheckedImage


def build_record(
    image: bytes, checked: CheckedImage, mask_png: bytes, *, filename: str, source: str
) -> tf.train.Example:
    """The features of the record contract that any file may hold; nothing is checked.

    Args:
        image: a JPEG or PNG file.
        checked: what is known of it.
        mask_png: an 8-bit greyscale PNG of class indices, 255 = void.
        filename: the image's name.
        source: the dataset's name.
    """
    features = {
        record.IMAGE: _bytes(image),
        record.FILENAME: _bytes(filename.encode()),
        record.IMAGE_FORMAT: _bytes(checked.format.encode()),
        record.HEIGHT: _int(checked.height),
        record.WIDTH: _int(checked.width),
        record.CHANNELS: _int(checked.channels),
        record.MASK: _bytes(mask_png),
        record.MASK_FORMAT: _bytes(b"png"),
        record.SOURCE: _bytes(source.encode()),
    }
    return tf.train.Example(features=tf.train.Features(feature=features))


def _bytes(value: bytes) -> tf.train.Feature:
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))


def _int(value: int) -> tf.train.Feature:
    return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))
