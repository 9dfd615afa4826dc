"""Test-time augmentation, by networks whose answers are known."""

import numpy as np
import pytest
import tensorflow as tf

from models.network.averaged_views import averaged_views
from models.network.views_settings import ViewsSettings

HEIGHT, WIDTH = 64, 96
IMAGE = tf.constant(np.random.default_rng(0).uniform(0, 255, (1, HEIGHT, WIDTH, 3)), tf.float32)


def _sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, np.float64)))


def _two_classes(logit: tf.Tensor) -> tf.Tensor:
    return tf.stack([tf.zeros_like(logit), logit], axis=-1)


def _columns(image: tf.Tensor) -> tf.Tensor:
    """The further right, the likelier is class 1, whatever is to be seen."""
    _, height, width, _ = image.shape
    return _two_classes(tf.broadcast_to(tf.range(width // 4, dtype=tf.float32) / 10, (1, height // 4, width // 4)))


def _sides(image: tf.Tensor) -> tf.Tensor:
    """Class 1 is as likely as the image is high."""
    _, height, width, _ = image.shape
    return _two_classes(tf.fill((1, height // 4, width // 4), height / 50))


def _brightness(image: tf.Tensor) -> tf.Tensor:
    return _two_classes(tf.nn.avg_pool2d(image[..., :1], 4, 4, "VALID")[..., 0] / 100)


def test_one_view_is_the_network_itself():
    seen = averaged_views(_brightness, IMAGE, ViewsSettings())
    np.testing.assert_allclose(seen, tf.nn.softmax(_brightness(IMAGE)), rtol=1e-6)


def test_mirrored_answers_are_mirrored_back_and_averaged():
    seen = averaged_views(_columns, IMAGE, ViewsSettings(flip=True))
    column = np.arange(WIDTH // 4)
    expected = (_sigmoid(column / 10) + _sigmoid(column[::-1] / 10)) / 2
    np.testing.assert_allclose(seen[0, 3, :, 1], expected, rtol=1e-6)


def test_what_does_not_mind_the_side_does_not_change():
    seen = averaged_views(_brightness, IMAGE, ViewsSettings(flip=True))
    np.testing.assert_allclose(seen, tf.nn.softmax(_brightness(IMAGE)), rtol=1e-5)


@pytest.mark.parametrize(
    ("scales", "heights"),
    [((0.5, 1.0, 1.2), (32, 64, 64)), ((1.0, 1.4, 2.0), (64, 96, 128)), ((0.25,), (32,))],
    ids=["77 is nearer to 64 than to 96", "up", "never below 32"],
)
def test_scales_are_rounded_to_32_pixels_and_weigh_alike(scales, heights):
    seen = averaged_views(_sides, IMAGE, ViewsSettings(scales=scales))
    assert seen.shape == (1, HEIGHT // 4, WIDTH // 4, 2)
    np.testing.assert_allclose(seen[..., 1], np.mean([_sigmoid(height / 50) for height in heights]), rtol=1e-6)


def test_in_a_graph_as_eagerly():
    views = ViewsSettings(flip=True, scales=(0.5, 1.0, 1.5))
    graph = tf.function(lambda image: averaged_views(_brightness, tf.ensure_shape(image, IMAGE.shape), views))
    np.testing.assert_allclose(graph(IMAGE), averaged_views(_brightness, IMAGE, views), rtol=1e-6)
