"""Warps against values worked out by hand or by Pillow."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

from models.data import affine
from tests.models.tiny import image_and_mask


def _tensor_size(array: np.ndarray) -> tf.Tensor:
    return tf.constant(array.shape[:2], tf.int32)


def test_letterbox_of_the_same_size_is_the_identity():
    matrix = affine.placement(tf.constant([40, 60]), (40, 60))
    np.testing.assert_allclose(matrix, [[1, 0, 0], [0, 1, 0]], atol=1e-5)


def test_letterbox_centres_a_wide_image():
    # 60x30 (width x height) into 20x20: scale 1/3, content 20x10, five rows of padding above and below.
    matrix = affine.placement(tf.constant([30, 60]), (20, 20)).numpy()
    np.testing.assert_allclose(matrix @ [0, 5, 1], [0, 0], atol=1e-4)
    np.testing.assert_allclose(matrix @ [20, 15, 1], [60, 30], atol=1e-4)


@pytest.mark.parametrize(
    ("position", "inner", "outer"),
    # 60x40 fitted to 48x32 is scaled by 0.8; an output of 24x16 then shows 30x20 of it.
    [((0.0, 0.0), (0, 0), (30, 20)), ((1.0, 1.0), (30, 20), (60, 40)), ((0.5, 0.0), (0, 10), (30, 30))],
)
def test_an_output_smaller_than_the_fit_is_a_crop(position, inner, outer):
    matrix = affine.placement(tf.constant([40, 60]), (16, 24), fit=(32, 48), position=position).numpy()
    np.testing.assert_allclose(matrix @ [0, 0, 1], inner, atol=1e-4)
    np.testing.assert_allclose(matrix @ [24, 16, 1], outer, atol=1e-4)


def test_identity_warp_changes_nothing():
    image, mask = image_and_mask(0, 17, 23)
    matrix = affine.placement(_tensor_size(image), (17, 23))
    np.testing.assert_allclose(affine.warp_image(tf.constant(image), matrix, (17, 23)), image, atol=1e-2)
    np.testing.assert_array_equal(affine.warp_mask(tf.constant(mask[..., None]), matrix, (17, 23))[..., 0], mask)


def test_flip_mirrors_left_and_right():
    image, mask = image_and_mask(1, 12, 18)
    matrix = affine.placement(_tensor_size(image), (12, 18), flip=True)
    np.testing.assert_allclose(affine.warp_image(tf.constant(image), matrix, (12, 18)), image[:, ::-1], atol=1e-2)
    np.testing.assert_array_equal(
        affine.warp_mask(tf.constant(mask[..., None]), matrix, (12, 18))[..., 0], mask[:, ::-1]
    )


def test_rotation_by_a_quarter_turn():
    _, mask = image_and_mask(2, 15, 15)
    matrix = affine.placement(_tensor_size(mask), (15, 15), rotation=np.float32(np.pi / 2))
    # Positive turns from x to y, which is clockwise where y points down.
    np.testing.assert_array_equal(
        affine.warp_mask(tf.constant(mask[..., None]), matrix, (15, 15))[..., 0], np.rot90(mask, -1)
    )


def test_shear_moves_rows_along_x():
    # A point one pixel below the centre moves tan(45 degrees) = 1 pixel to the right; its pre-image lies to its left.
    matrix = affine.placement(tf.constant([10, 10]), (10, 10), shear=np.float32(np.pi / 4)).numpy()
    np.testing.assert_allclose(matrix @ [5 + 1, 5 + 1, 1], [5, 6], atol=1e-5)


@pytest.mark.parametrize(("position", "corner"), [((0.0, 0.0), (0, 0)), ((1.0, 1.0), (10, 10))])
def test_position_crops_from_corner_to_corner(position, corner):
    # Scale 2 on a 20x20 letterboxed to 20x20 shows a 10x10 window of it.
    matrix = affine.placement(tf.constant([20, 20]), (20, 20), scale=2.0, position=position).numpy()
    np.testing.assert_allclose(matrix @ [0, 0, 1], corner, atol=1e-4)


def test_enlarging_equals_pillow():
    image, _ = image_and_mask(3, 16, 16)
    expected = np.asarray(Image.fromarray(image).resize((32, 32), Image.Resampling.BILINEAR), np.float32)
    warped = affine.warp_image(tf.constant(image), affine.placement(_tensor_size(image), (32, 32)), (32, 32))
    assert np.abs(warped - expected).max() <= 1.0  # Pillow rounds to whole numbers twice


def test_shrinking_does_not_alias():
    # One-pixel stripes shrunk by four must come out grey, not as stripes of another width.
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 255
    warped = affine.warp_image(tf.constant(stripes), affine.placement(_tensor_size(stripes), (16, 16)), (16, 16))
    np.testing.assert_allclose(warped, 127.5, atol=1.0)


@pytest.mark.parametrize("size", [(61, 37), (7, 300), (130, 131)])
def test_shrinking_by_area_keeps_its_place(size):
    # A linear ramp stays the same ramp wherever it is sampled, if the odd last row and column are accounted for.
    height, width = size
    ramp = np.broadcast_to(np.linspace(0, 255, width)[None, :, None], (height, width, 3)).astype(np.uint8)
    output = (max(8, height // 4), max(8, width // 4))
    matrix = affine.placement(_tensor_size(ramp), output)
    warped = affine.warp_image(tf.constant(ramp), matrix, output).numpy()
    columns = np.stack(np.meshgrid(np.arange(output[1]) + 0.5, np.arange(output[0]) + 0.5), -1)
    x = (columns @ matrix.numpy()[:, :2].T + matrix.numpy()[:, 2])[..., 0]
    expected = (x - 0.5) * 255 / (width - 1)
    middle = (x > 0.06 * width) & (x < 0.94 * width)
    assert middle.any()
    assert np.abs(warped[..., 0] - expected)[middle].max() < 255 * 1.5 / width + 1


def test_outside_is_void_and_not_inside():
    _, mask = image_and_mask(4, 30, 60)
    mask[mask == 255] = 0
    matrix = affine.placement(_tensor_size(mask), (20, 20))
    warped = affine.warp_mask(tf.constant(mask[..., None]), matrix, (20, 20)).numpy()[..., 0]
    assert (warped[:5] == 255).all() and (warped[15:] == 255).all() and (warped[5:15] < 255).all()


@pytest.mark.parametrize("upright", [False, True], ids=["any map", "upright"])
@pytest.mark.parametrize(
    ("size", "output", "options"),
    [
        ((37, 53), (24, 40), {}),
        ((37, 53), (24, 40), {"scale": 1.7, "flip": True, "position": (0.2, 0.9)}),
        ((37, 53), (40, 40), {"scale": 0.8, "flip": True, "position": (0.7, 0.1)}),
        ((20, 30), (16, 24), {"fit": (32, 48), "scale": 1.3, "position": (0.9, 0.4)}),
        ((37, 53), (37, 80), {"position": (0.5, 0.1)}),
        ((20, 30), (64, 64), {"scale": 0.9, "position": (1.0, 0.0)}),
        ((1, 90), (8, 60), {}),
        ((1, 1), (5, 7), {"flip": True}),
    ],
)
def test_a_warp_equals_sampling_with_scipy(size, output, options, upright):
    image, mask = image_and_mask(5, *size)
    matrix = affine.placement(tf.constant(size), output, **options)
    warped = affine.warp_image(tf.constant(image), matrix, output, upright=upright).numpy()
    ids = affine.warp_mask(tf.constant(mask[..., None]), matrix, output, upright=upright).numpy()[..., 0]
    middles = np.stack(np.meshgrid(np.arange(output[1]) + 0.5, np.arange(output[0]) + 0.5), -1)
    x, y = np.moveaxis(middles @ matrix.numpy()[:, :2].T + matrix.numpy()[:, 2], -1, 0)
    shown = (x > 0) & (x < size[1]) & (y > 0) & (y < size[0])
    picked = mask[np.clip(np.floor(y), 0, size[0] - 1).astype(int), np.clip(np.floor(x), 0, size[1] - 1).astype(int)]
    # Right between two pixels either may be taken.
    clear = (np.abs(x - np.round(x)) > 1e-3) & (np.abs(y - np.round(y)) > 1e-3)
    np.testing.assert_array_equal(ids[clear], np.where(shown, picked, 255)[clear])
    for channel in range(3):
        expected = ndimage.map_coordinates(
            image[..., channel].astype(float), [y - 0.5, x - 0.5], order=1, mode="nearest"
        )
        np.testing.assert_allclose(warped[..., channel], expected, atol=0.05)


@settings(max_examples=50, deadline=None)
@given(
    st.tuples(st.integers(1, 200), st.integers(1, 200)),
    st.floats(0.25, 4),
    st.floats(-3, 3),
    st.floats(-0.7, 0.7),
    st.booleans(),
)
def test_invert_goes_back(size, scale, rotation, shear, flip):
    there = affine.placement(tf.constant(size), (64, 96), scale=scale, rotation=rotation, shear=shear, flip=flip)
    back = affine.invert(there).numpy()
    point = np.array([10.0, 20.0, 1.0])
    np.testing.assert_allclose(back @ np.append(there.numpy() @ point, 1), point[:2], rtol=1e-3, atol=1e-2)
