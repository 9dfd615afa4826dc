"""Random augmentation: from the seed alone, ids never mixed, identity when off; eagerly and in tf.data."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from models import affine
from models.augmentation import random_color, random_placement
from models.settings import AugmentSettings
from tests.models.tiny import image_and_mask

FULL = AugmentSettings(
    scale=(0.5, 2.0), rotation=30, shear=15, flip=0.5, crop=True, brightness=0.3, contrast=0.3, saturation=0.3
)
SIZE = (48, 64)
GEOMETRIES = [
    AugmentSettings(scale=(0.3, 3.0)),
    AugmentSettings(rotation=180),
    AugmentSettings(shear=45),
    AugmentSettings(flip=1),
    AugmentSettings(scale=(1.5, 1.5), crop=True),
    FULL,
]


def _warp(mask: tf.Tensor, seed: tf.Tensor, options: AugmentSettings) -> tf.Tensor:
    return affine.warp_mask(mask, random_placement(seed, tf.shape(mask)[:2], SIZE, options), SIZE)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(GEOMETRIES),
    st.integers(0, 2**50),
    st.tuples(st.integers(1, 150), st.integers(1, 150)),
    st.sets(st.integers(0, 254), min_size=1, max_size=5),
)
def test_masks_are_never_interpolated(options, seed, size, ids):
    mask = np.random.default_rng(seed).choice(sorted(ids), size).astype(np.uint8)
    seed = tf.constant(seed, tf.int64)
    eager = _warp(tf.constant(mask[..., None]), seed, options).numpy()
    assert set(np.unique(eager)) <= ids | {255}

    dataset = tf.data.Dataset.from_tensors((mask[..., None], seed)).map(lambda m, s: _warp(m, s, options))
    (in_graph,) = dataset.as_numpy_iterator()
    np.testing.assert_array_equal(in_graph, eager)


def test_a_seed_gives_one_augmentation_and_seeds_differ():
    size = tf.constant([40, 60])
    draws = [random_placement(tf.constant(seed, tf.int64), size, SIZE, FULL).numpy() for seed in (0, 1, 2, 1)]
    np.testing.assert_array_equal(draws[1], draws[3])
    assert not np.allclose(draws[0], draws[1]) and not np.allclose(draws[1], draws[2])


def test_no_seed_is_the_plain_letterbox():
    image, _ = image_and_mask(0, 40, 60)
    none = tf.constant(-1, tf.int64)
    matrix = random_placement(none, tf.constant([40, 60]), SIZE, FULL)
    np.testing.assert_array_equal(matrix, affine.placement(tf.constant([40, 60]), SIZE))
    np.testing.assert_array_equal(random_color(tf.cast(image, tf.float32), none, FULL), image)


def test_nothing_asked_is_the_plain_letterbox_whatever_the_seed():
    image, _ = image_and_mask(0, 40, 60)
    seed, off = tf.constant(7, tf.int64), AugmentSettings()
    matrix = random_placement(seed, tf.constant([40, 60]), SIZE, off)
    np.testing.assert_allclose(matrix, affine.placement(tf.constant([40, 60]), SIZE), atol=1e-6)
    np.testing.assert_array_equal(random_color(tf.cast(image, tf.float32), seed, off), image)


def test_scale_stays_in_its_range_and_fills_it():
    size = tf.constant([64, 64])
    matrices = [
        random_placement(tf.constant(seed, tf.int64), size, (64, 64), AugmentSettings(scale=(0.5, 2.0)))
        for seed in range(200)
    ]
    scales = [1 / matrix.numpy()[0, 0] for matrix in matrices]
    assert 0.5 <= min(scales) < 0.6 and 1.9 < max(scales) <= 2.0


def test_flip_happens_as_often_as_asked():
    flips = [
        random_placement(tf.constant(seed, tf.int64), tf.constant([9, 9]), (9, 9), AugmentSettings(flip=0.25)).numpy()[
            0, 0
        ]
        < 0
        for seed in range(400)
    ]
    assert 70 <= sum(flips) <= 130  # binomial(400, 1/4): mean 100, three and a half deviations


def test_brightness_scales_and_saturation_leaves_grey_alone():
    grey = tf.fill([4, 4, 3], 100.0)
    seeds = [tf.constant(seed, tf.int64) for seed in range(30)]
    brightness = [random_color(grey, seed, AugmentSettings(brightness=0.5)).numpy() for seed in seeds]
    assert all(np.ptp(image) < 1e-3 and image.min() >= 50 and image.max() <= 150 for image in brightness)
    assert np.ptp([image[0, 0, 0] for image in brightness]) > 60
    for seed in seeds:
        np.testing.assert_allclose(random_color(grey, seed, AugmentSettings(saturation=1.0)), grey, atol=1e-3)
        np.testing.assert_allclose(random_color(grey, seed, AugmentSettings(contrast=1.0)), grey, atol=1e-3)


def test_colors_stay_in_range():
    image, _ = image_and_mask(5, 20, 20)
    options = AugmentSettings(brightness=1, contrast=1, saturation=1)
    for seed in range(20):
        result = random_color(tf.cast(image, tf.float32), tf.constant(seed, tf.int64), options).numpy()
        assert result.min() >= 0 and result.max() <= 255
