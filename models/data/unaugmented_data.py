"""Records as evaluation and serving see them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import tensorflow as tf
import tensorflow_transform as tft

from models.data.is_held_out import is_held_out
from models.data.preprocessing import LABEL, MODEL_INPUT
from models.data.training_data import raw_features


def unaugmented_data(files: Sequence[str], transform: tft.TFTransformOutput, held_out: float = 0.0) -> tf.data.Dataset:
    """Every record once, in the files' order, one by one: memory does not grow with the batch of the training.

    Args:
        files: gzipped TFRecord files of the record contract.
        transform: the analyzed Transform graph.
        held_out: where it is above 0, this share of the records alone (see `is_held_out`).

    Returns:
        Images `[1, H, W, 3] float32, 0..255` and labels `[1, H, W] int64`, 255 = void, at the model's input size.
    """
    layer = transform.transform_features_layer()

    @tf.autograph.experimental.do_not_convert  # there is nothing to convert, and looking takes seconds
    def transformed(serialized: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        features = layer(raw_features(serialized, tf.constant([-1], tf.int64)))
        return features[MODEL_INPUT], features[LABEL]

    records = tf.data.TFRecordDataset(sorted(files), compression_type="GZIP")
    if held_out:
        records = records.filter(partial(is_held_out, share=held_out))
    return records.batch(1).map(transformed, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
