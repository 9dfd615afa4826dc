"""Random augmentation: from the seed alone, ids never mixed, identity when off; eagerly and in tf.data."""

import colorsys

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data import affine
from models.data.augment_settings import AugmentSettings
from models.data.augmentation import random_color, random_placement, varied_position
from tests.models.tiny import image_and_mask

FULL = AugmentSettings(
    scale=(0.5, 2.0), rotation=30, shear=15, flip=0.5, crop=True, brightness=0.3, contrast=0.3, saturation=0.3, hue=0.2
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
    options = AugmentSettings(brightness=1, contrast=1, saturation=1, hue=0.5)
    for seed in range(20):
        result = random_color(tf.cast(image, tf.float32), tf.constant(seed, tf.int64), options).numpy()
        assert result.min() >= 0 and result.max() <= 255


def _turned(color: np.ndarray, turn: float) -> np.ndarray:
    hue, *rest = colorsys.rgb_to_hsv(*color / 255)
    return 255 * np.array(colorsys.hsv_to_rgb((hue + turn) % 1, *rest))


def test_hue_turns_every_color_as_colorsys_does():
    image = image_and_mask(6, 5, 6)[0].copy()
    image[0, 0] = [255, 0, 0]
    turns = []
    for seed in range(40):
        result = random_color(
            tf.cast(image, tf.float32), tf.constant(seed, tf.int64), AugmentSettings(hue=0.25)
        ).numpy()
        turn = (colorsys.rgb_to_hsv(*result[0, 0])[0] + 0.5) % 1 - 0.5  # red is at 0
        expected = np.apply_along_axis(_turned, -1, image.astype(float), turn)
        np.testing.assert_allclose(result, expected, atol=0.01)
        turns.append(turn)
    assert -0.25 <= min(turns) < -0.2 and 0.2 < max(turns) <= 0.25


def test_hue_leaves_the_other_draws_as_they_were():
    grey = tf.reshape(tf.range(0.0, 240.0, 10.0), [4, 6, 1]) * tf.ones(3)  # has no hue to turn
    seed, options = tf.constant(3, tf.int64), {"brightness": 0.3, "contrast": 0.3, "saturation": 0.3}
    without = random_color(grey, seed, AugmentSettings(**options))
    np.testing.assert_allclose(random_color(grey, seed, AugmentSettings(**options, hue=0.5)), without, atol=1e-3)


def test_colors_in_tf_data_are_those_of_eager_execution():
    image, _ = image_and_mask(7, 20, 20)
    images = tf.data.Dataset.range(-1, 5).map(lambda seed: random_color(tf.cast(image, tf.float32), seed, FULL))
    for seed, result in enumerate(images.as_numpy_iterator(), -1):
        eager = random_color(tf.cast(image, tf.float32), tf.constant(seed, tf.int64), FULL)
        np.testing.assert_allclose(result, eager, atol=1e-3)


SIDE, CROP = 128, (96, 64)  # of a mask, and of what is shown of it


def _halves(left: list[int], right: list[int]) -> np.ndarray:
    """`[128, 128, 1] uint8`: columns that repeat the ids of the left in one half, those of the right in the other."""
    row = np.concatenate([np.resize(left, SIDE // 2), np.resize(right, SIDE // 2)])
    return np.broadcast_to(row[:, None].astype(np.uint8), (SIDE, SIDE, 1))


def _crops(mask: np.ndarray, max_class_share: float, seeds: int = 25) -> list[tuple[np.ndarray, float]]:
    """Of each seed the placement of a crop, and the greatest share of a class in it, counted in full."""
    options, whole = AugmentSettings(crop=True, max_class_share=max_class_share), (SIDE, SIDE)

    def cropped(seed):
        position = None
        if max_class_share < 1:
            position = varied_position(tf.constant(mask), seed, CROP, options, whole)
        matrix = random_placement(seed, tf.constant(whole), CROP, options, whole, position)
        return matrix, affine.warp_mask(tf.constant(mask), matrix, CROP)

    crops = []
    for matrix, label in tf.data.Dataset.range(seeds).map(cropped).as_numpy_iterator():
        counts = np.bincount(label.ravel(), minlength=256)[:255]
        crops.append((matrix, counts.max() / max(counts.sum(), 1)))
    return crops


@pytest.mark.parametrize("mask", [_halves([3], [7]), _halves([0, 1, 255], [0])])  # void is not counted
def test_crops_are_drawn_anew_while_one_class_fills_them(mask):
    plain, varied = _crops(mask, 1.0), _crops(mask, 0.75)
    assert sum(share > 0.8 for _, share in plain) >= 5
    assert all(share <= 0.8 for _, share in varied)  # what is counted is not every pixel
    for (old, share), (new, _) in zip(plain, varied, strict=True):
        if share <= 0.7:
            np.testing.assert_array_equal(new, old)


def test_void_is_no_class_that_fills_a_crop():
    plain, varied = _crops(_halves([0, 1], [255]), 1.0), _crops(_halves([0, 1], [255]), 0.6)
    void_fills = 0
    for (old, share), (new, _) in zip(plain, varied, strict=True):
        if share <= 0.56:  # two classes by turns, except in the last few columns
            np.testing.assert_array_equal(new, old)
            void_fills += old[0, 2] > 0.6 * CROP[1]
    assert void_fills >= 3


def test_where_no_crop_will_do_the_most_varied_of_them_is_taken():
    mask = _halves([3], [3])
    mask = np.where(np.indices(mask.shape).sum(axis=0) < 100, 7, mask).astype(np.uint8)  # another class in one corner
    plain, varied = (np.array([share for _, share in _crops(mask, limit)]) for limit in (1.0, 0.01))
    assert (varied <= plain + 0.04).all()
    assert varied.mean() < plain.mean() - 0.1


@pytest.mark.parametrize("id_", [3, 255])
def test_where_all_crops_are_alike_the_first_is_taken(id_):
    mask = np.full((SIDE, SIDE, 1), id_, np.uint8)
    for (old, _), (new, _) in zip(_crops(mask, 1.0, 3), _crops(mask, 0.5, 3), strict=True):
        np.testing.assert_array_equal(new, old)


def test_a_varied_crop_is_from_the_seed_alone_in_tf_data_too():
    mask = tf.constant(_halves([3], [7]))
    options = AugmentSettings(scale=(1.0, 2.0), rotation=20, crop=True, max_class_share=0.6)

    def matrix(seed):
        position = varied_position(mask, seed, SIZE, options)
        return random_placement(seed, tf.shape(mask)[:2], SIZE, options, position=position)

    (in_graph,) = tf.data.Dataset.range(-1, 4).map(matrix).batch(5).as_numpy_iterator()
    np.testing.assert_allclose(in_graph, [matrix(tf.constant(seed, tf.int64)) for seed in range(-1, 4)], atol=1e-4)
    np.testing.assert_array_equal(in_graph[0], affine.placement(tf.shape(mask)[:2], SIZE))
