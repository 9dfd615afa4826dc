"""Resizing to the size of something else."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from models.network.resize_like import ResizeLike

IMAGES = np.random.default_rng(0).normal(size=(2, 3, 5, 4)).astype(np.float32)


@pytest.mark.parametrize("size", [(6, 10), (7, 3), (3, 5)])
def test_it_is_the_resize_to_that_size(size):
    resized = ResizeLike()(IMAGES, np.zeros((2, *size, 1), np.float32))
    np.testing.assert_array_equal(resized, tf.image.resize(IMAGES, size))


def test_one_pixel_is_spread_as_it_is():
    spread = ResizeLike()(IMAGES[:, :1, :1], np.zeros((2, 7, 9, 1), np.float32))
    np.testing.assert_array_equal(spread, np.broadcast_to(IMAGES[:, :1, :1], (2, 7, 9, 4)))


def test_a_model_of_any_size():
    small, large = keras.Input((None, None, 4)), keras.Input((None, None, 1))
    model = keras.Model([small, large], ResizeLike()(small, large))
    assert model.output_shape == (None, None, None, 4)
    graph = tf.function(lambda *inputs: model(list(inputs)), reduce_retracing=True)
    for size in ((6, 10), (9, 9), (12, 4)):
        np.testing.assert_array_equal(graph(IMAGES, tf.zeros((2, *size, 1))), tf.image.resize(IMAGES, size))
