"""The trainer's input: raw records through the Transform graph, augmented anew every epoch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import tensorflow as tf
import tensorflow_transform as tft

from models.data.is_held_out import is_held_out
from models.data.preprocessing import TRAINING_INPUT, TRAINING_LABEL
from schema.record import AUGMENT_SEED, CLASSES_PRESENT, IMAGE, MASK


def training_data(
    files: Sequence[str],
    transform: tft.TFTransformOutput,
    *,
    batch_size: int,
    seed: int,
    shuffle_buffer: int,
    first_step: int = 0,
    oversample: Sequence[int] = (),
    held_out: float = 0.0,
) -> tf.data.Dataset:
    """An endless, reproducible stream of batches.

    The n-th sample of a run has the n-th augmentation seed, whatever happened before it: starting at `first_step`
    gives exactly the batches that an uninterrupted stream gives from there on.

    Args:
        files: gzipped TFRecord files of the record contract.
        transform: the analyzed Transform graph.
        batch_size: samples a batch.
        seed: the run's seed, for the order and for the augmentation.
        shuffle_buffer: records held for shuffling; an epoch is a permutation of the records whatever its size.
        first_step: batches to leave out at the start.
        oversample: `[C]`, by class index: an epoch has a record as often as the greatest of its classes' numbers says,
            and once if it has none. Copies go into the shuffle one after another, and each has an augmentation seed
            of its own. By default an epoch has every record once.
        held_out: the share of the records that is left out, see `is_held_out`.

    Returns:
        Batches of images `[B, H, W, 3] float32, 0..255` and labels `[B, H, W] int64`, 255 = void.
    """
    layer = transform.transform_features_layer()

    @tf.autograph.experimental.do_not_convert  # there is nothing to convert, and looking takes seconds
    def transformed(index: tf.Tensor, serialized: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        # Runs of different seeds draw from different stretches of augmentation seeds.
        features = layer(raw_features(serialized, index + (seed << 40)))
        return features[TRAINING_INPUT], features[TRAINING_LABEL]

    records = tf.data.TFRecordDataset(sorted(files), compression_type="GZIP")
    if held_out:
        records = records.filter(lambda serialized: not is_held_out(serialized, held_out))
    if max(oversample, default=1) > 1:
        records = records.flat_map(partial(_copies, oversample=tf.constant(oversample, tf.int64)))
    return (
        records.shuffle(shuffle_buffer, seed=seed, reshuffle_each_iteration=True)
        .repeat()
        .enumerate()
        .skip(first_step * batch_size)
        .batch(batch_size, drop_remainder=True)
        .map(transformed, num_parallel_calls=tf.data.AUTOTUNE)
        .prefetch(tf.data.AUTOTUNE)
    )


def _copies(serialized: tf.Tensor, oversample: tf.Tensor) -> tf.data.Dataset:
    """A record, `[] string`, as often as an epoch has it. Of the record, its classes alone are parsed."""
    classes = tf.io.parse_single_example(serialized, {CLASSES_PRESENT: tf.io.RaggedFeature(tf.int64)})[CLASSES_PRESENT]
    count = tf.reduce_max(tf.concat([[1], tf.gather(oversample, classes)], axis=0))
    return tf.data.Dataset.from_tensors(serialized).repeat(count)


def raw_features(serialized: tf.Tensor, seeds: tf.Tensor) -> dict[str, tf.Tensor | tf.SparseTensor]:
    """Parses records into what the Transform graph takes.

    Args:
        serialized: `[B] string` tf.Examples of the record contract.
        seeds: `[B] int64` augmentation seeds, -1 for none.
    """
    spec = {key: tf.io.FixedLenFeature([], tf.string) for key in (IMAGE, MASK)}
    return {**tf.io.parse_example(serialized, spec), AUGMENT_SEED: sparse_seeds(seeds)}


def sparse_seeds(seeds: tf.Tensor) -> tf.SparseTensor:
    """`[B] int64` -> `[B, 1]` sparse, the form of an optional feature. (`tf.sparse.from_dense` would drop seed 0.)"""
    count = tf.size(seeds, tf.int64)
    rows = tf.range(count)
    return tf.SparseTensor(tf.stack([rows, tf.zeros_like(rows)], axis=1), seeds, tf.stack([count, 1]))
