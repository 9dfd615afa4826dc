"""The loss against numpy, written out."""

import numpy as np
import pytest
import tensorflow as tf

from models.void_cross_entropy import VoidCrossEntropy, balanced_weights


def _by_hand(labels: np.ndarray, logits: np.ndarray, weights: list[float]) -> float:
    total = count = 0.0
    for label, scores in zip(labels.ravel(), logits.reshape(-1, logits.shape[-1]), strict=True):
        if label == 255:
            continue
        total += weights[label] * (np.log(np.exp(scores).sum()) - scores[label])
        count += weights[label]
    return total / count


@pytest.mark.parametrize("weights", [None, [1.0, 0.25, 4.0]])
def test_equals_the_definition(weights):
    random = np.random.default_rng(0)
    labels = random.choice([0, 1, 2, 255], (2, 5, 4))
    logits = random.normal(size=(2, 5, 4, 3)).astype(np.float32)
    expected = _by_hand(labels, logits, weights or [1.0] * 3)
    np.testing.assert_allclose(VoidCrossEntropy(weights)(labels, logits), expected, rtol=1e-5)


def test_void_pixels_pull_at_nothing():
    labels = np.array([[[0, 255]]])
    logits = tf.Variable(np.array([[[[1.0, 2.0], [3.0, -4.0]]]], np.float32))
    with tf.GradientTape() as tape:
        loss = VoidCrossEntropy()(labels, logits)
    gradient = tape.gradient(loss, logits).numpy()
    assert np.abs(gradient[0, 0, 0]).min() > 0.1
    np.testing.assert_array_equal(gradient[0, 0, 1], 0)


def test_a_batch_of_void_has_no_loss_and_no_nan():
    logits = tf.Variable(np.ones((1, 2, 2, 3), np.float32))
    with tf.GradientTape() as tape:
        loss = VoidCrossEntropy()(np.full((1, 2, 2), 255), logits)
    assert float(loss) == 0.0
    np.testing.assert_array_equal(tape.gradient(loss, logits), 0)


def test_logits_are_brought_to_the_labels_size():
    labels = np.repeat(np.array([0, 1]), 8).reshape(1, 1, 16).repeat(16, axis=1)
    logits = np.zeros((1, 4, 4, 2), np.float32)
    logits[..., :2, 0] = logits[..., 2:, 1] = 50.0
    assert float(VoidCrossEntropy()(labels, logits)) < 0.1  # nonzero only where the two halves blend


def test_balanced_weights_by_hand():
    assert balanced_weights([100, 400, 25], 1.0) == [1.0, 0.25, 4.0]
    assert balanced_weights([100, 400, 25], 0.5) == [1.0, 0.5, 2.0]
    assert balanced_weights([100, 400, 25], 0.0) == [1.0, 1.0, 1.0]
    assert balanced_weights([100, 0, 400], 1.0) == [2.5, 1.0, 0.625]  # median of 100 and 400 is 250
    assert balanced_weights([0, 0], 1.0) == [1.0, 1.0]
