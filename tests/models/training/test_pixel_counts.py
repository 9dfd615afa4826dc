"""The confusion matrix on the device."""

import numpy as np
import tensorflow as tf

from components.segmentation_metrics.confusion_matrix import confusion_matrix
from models.training.pixel_counts import PixelCounts


def _case(seed: int, label_size=(16, 24), logit_size=(4, 6), classes=5):
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, (3, *label_size))
    labels[random.random(labels.shape) < 0.2] = 255
    return labels, random.normal(size=(3, *logit_size, classes)).astype(np.float32)


def test_it_counts_the_pixel_in_the_middle_of_each_logits():
    counts, expected = PixelCounts(5), np.zeros((5, 5), np.int64)
    update = tf.function(counts.update_state)
    for seed in range(3):
        labels, logits = _case(seed)
        update(tf.constant(labels), tf.constant(logits))
        expected += confusion_matrix(labels[:, 2::4, 2::4], logits.argmax(-1), 5)[:, :5]
    np.testing.assert_array_equal(counts.matrix(), expected)
    assert counts.matrix().dtype == np.int64 and expected.sum() > 150
    assert float(counts.result()) == np.float32(expected.trace() / expected.sum())


def test_every_pixel_where_labels_are_no_finer():
    labels, logits = _case(0, (4, 6))
    counts = PixelCounts(5)
    counts.update_state(labels, logits)
    np.testing.assert_array_equal(counts.matrix(), confusion_matrix(labels, logits.argmax(-1), 5)[:, :5])


def test_void_alone_counts_nothing():
    counts = PixelCounts(2)
    counts.update_state(np.full((1, 4, 4), 255), np.zeros((1, 1, 1, 2), np.float32))
    assert not counts.matrix().any() and float(counts.result()) == 0.0


def test_it_counts_on_beyond_what_float32_can_hold():
    counts = PixelCounts(2)
    counts.counts.assign([2**24, 0, 0, 2**40])
    counts.update_state(np.zeros((1, 1, 1), np.int64), np.array([[[[1.0, 0.0]]]], np.float32))
    np.testing.assert_array_equal(counts.matrix(), [[2**24 + 1, 0], [0, 2**40]])
