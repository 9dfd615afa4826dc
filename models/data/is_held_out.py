"""Which records of the train split are never trained on."""

from __future__ import annotations

import tensorflow as tf

from schema.record import FILENAME

_BUCKETS = 10_000
_KEY = (0x5E6, 0x919E)  # any: it makes this hash another than the one that splits `data.files`


def is_held_out(serialized: tf.Tensor, share: float) -> tf.Tensor:
    """By a hash of the image's name: an image stays where it is whatever others come or go.

    Args:
        serialized: `[] string`, a tf.Example of the record contract.
        share: of the images, 0..1, rounded to a ten-thousandth.

    Returns:
        `[] bool`.
    """
    name = tf.io.parse_single_example(serialized, {FILENAME: tf.io.FixedLenFeature([], tf.string)})[FILENAME]
    return tf.strings.to_hash_bucket_strong(name, _BUCKETS, _KEY) < round(share * _BUCKETS)
