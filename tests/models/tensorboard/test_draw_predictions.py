"""Image, label and prediction side by side."""

import numpy as np
import tensorflow as tf

from models.tensorboard.draw_predictions import DrawPredictions
from schema.label_map import LabelMap

PALETTE = LabelMap(("road", "sky"), ((10, 20, 30), (40, 50, 60))).palette


def _reddish(image, training):
    """Class 1 where red is above a half, at a quarter of the resolution."""
    assert not training
    red = tf.cast(image[:, 2::4, 2::4, 0] > 127, tf.float32)
    return tf.stack([1 - red, red], axis=-1)


def test_colours_are_those_of_the_label_map():
    image = np.zeros((1, 8, 16, 3), np.float32)
    image[:, :, 8:, 0] = 200.6
    label = np.full((1, 8, 16), 255)
    label[:, :4] = 1
    samples = tf.data.Dataset.from_tensors((image, label))
    (picture,) = DrawPredictions(_reddish, samples, PALETTE)()
    assert picture.shape == (8, 48, 3) and picture.dtype == np.uint8
    left, middle, right = np.split(picture, 3, axis=1)
    assert (left[:, :8] == 0).all() and (left[:, 8:] == [201, 0, 0]).all()
    assert (middle[:4] == [40, 50, 60]).all() and (middle[4:] == 255).all()
    assert (right[:, :8] == [10, 20, 30]).all() and (right[:, 8:] == [40, 50, 60]).all()


def test_large_ones_are_thinned_out():
    image, label = np.zeros((1, 264, 600, 3), np.float32), np.zeros((1, 264, 600), np.int64)
    samples = tf.data.Dataset.from_tensors((image, label)).repeat(2)
    assert DrawPredictions(_reddish, samples, PALETTE)().shape == (2, 88, 3 * 200, 3)
