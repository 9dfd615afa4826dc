"""The fused layer against the formula of arXiv 1502.03167, in NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from models.network.fused_batch_normalization import FusedBatchNormalization

X = np.random.default_rng(0).normal(3.0, 2.0, (2, 5, 7, 3)).astype(np.float32)
GAMMA, BETA = np.array([0.5, 1.0, 2.0], np.float32), np.array([-1.0, 0.0, 3.0], np.float32)


@pytest.fixture
def layer() -> FusedBatchNormalization:
    layer = FusedBatchNormalization(momentum=0.9, epsilon=1e-3)
    layer.build(X.shape)
    layer.gamma.assign(GAMMA)
    layer.beta.assign(BETA)
    return layer


def _normalized(mean, variance):
    return (X - mean) / np.sqrt(variance + 1e-3) * GAMMA + BETA


def test_training_takes_the_statistics_of_the_batch_and_moves_its_own(layer):
    mean, variance = X.mean((0, 1, 2)), X.var((0, 1, 2))
    np.testing.assert_allclose(layer(X, training=True), _normalized(mean, variance), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(layer.moving_mean, 0.1 * mean, rtol=1e-5)
    np.testing.assert_allclose(layer.moving_variance, 0.9 + 0.1 * X.var((0, 1, 2), ddof=1), rtol=1e-5)


@pytest.mark.parametrize("frozen", [False, True])
def test_inference_and_a_frozen_layer_take_the_moving_ones(layer, frozen):
    layer.moving_mean.assign([3.0, 2.0, 1.0])
    layer.moving_variance.assign([4.0, 1.0, 9.0])
    layer.trainable = not frozen
    expected = _normalized(np.array([3.0, 2.0, 1.0]), np.array([4.0, 1.0, 9.0]))
    np.testing.assert_allclose(layer(X, training=frozen), expected, rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(layer.moving_mean, [3.0, 2.0, 1.0])


def test_gradients_are_those_of_keras(layer):
    theirs = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-3)
    theirs.build(X.shape)
    theirs.set_weights(layer.get_weights())
    weights = np.random.default_rng(1).normal(size=X.shape).astype(np.float32)

    def gradients(of):
        inputs = tf.Variable(X)
        with tf.GradientTape() as tape:
            value = tf.reduce_sum(of(inputs, training=True) * weights)
        return tape.gradient(value, [inputs, of.gamma.value, of.beta.value])

    for ours, expected in zip(gradients(layer), gradients(theirs), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-3, atol=1e-4)


def test_half_precision_in_is_half_precision_out():
    layer = FusedBatchNormalization(dtype="mixed_bfloat16")
    outputs = layer(tf.cast(X, tf.bfloat16), training=True)
    assert outputs.dtype == tf.bfloat16 and layer.moving_mean.dtype == "float32"
