import base64
import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from components.pictures import (
    WRONG,
    difference_thumbnail,
    mask_thumbnail,
    overlay,
    overlay_thumbnail,
    palette_png,
    thumbnail,
)
from schema.label_map import LabelMap

LABEL_MAP = LabelMap(names=("sky", "road"), colors=((10, 20, 30), (200, 0, 100)))


def _decode(uri: str, form: str) -> Image.Image:
    head, _, data = uri.partition(",")
    assert head == f"data:image/{form};base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_palette_png_keeps_ids_and_shows_colours():
    mask = np.array([[0, 1, 255], [1, 7, 0]], np.uint8)
    image = Image.open(io.BytesIO(palette_png(mask, LABEL_MAP)))
    assert image.mode == "P"
    np.testing.assert_array_equal(np.asarray(image), mask)
    colors = np.asarray(image.convert("RGB"))
    assert colors[0].tolist() == [[10, 20, 30], [200, 0, 100], [255, 255, 255]]


def test_palette_png_keeps_every_byte():
    mask = np.arange(256, dtype=np.uint8).reshape(16, 16)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(palette_png(mask, LABEL_MAP)))), mask)


def test_tensorflow_misreads_a_palette_png():
    """Why our own records hold greyscale masks; should this ever fail, a docstring can go."""
    encoded = palette_png(np.ones((1, 1), np.uint8), LABEL_MAP)
    assert tf.io.decode_png(encoded, channels=1).numpy().item() != 1


def test_overlay_blends_classes_and_leaves_void():
    image = np.full((1, 3, 3), 100, np.uint8)
    mask = np.array([[0, 1, 255]], np.uint8)
    # 0.4 * 100 + 0.6 * (10, 20, 30) and 0.4 * 100 + 0.6 * (200, 0, 100)
    assert overlay(image, mask, LABEL_MAP).tolist() == [[[46, 52, 58], [160, 40, 100], [100, 100, 100]]]


@pytest.mark.parametrize(("opacity", "expected"), [(0, [100, 100, 100]), (1, [10, 20, 30])])
def test_overlay_at_the_ends(opacity, expected):
    image, mask = np.full((2, 2, 3), 100, np.uint8), np.zeros((2, 2), np.uint8)
    assert overlay(image, mask, LABEL_MAP, opacity)[1, 1].tolist() == expected
    assert (image == 100).all()


@pytest.mark.parametrize(
    ("image", "mask", "opacity", "message"),
    [
        (np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.uint8), 0.5, r"\[2, 2\] uint8"),
        (np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.int64), 0.5, r"\[2, 2\] int64"),
        (np.zeros((2, 2, 3), np.uint8), np.zeros((2, 3), np.uint8), 0.5, r"\[2, 2, 3\].*\[2, 3\]"),
        (np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.uint8), 60, "60"),
    ],
)
def test_overlay_says_what_it_got(image, mask, opacity, message):
    with pytest.raises(ValueError, match=message):
        overlay(image, mask, LABEL_MAP, opacity)


def test_thumbnail_shrinks_to_the_longer_side():
    image = np.zeros((40, 100, 3), np.uint8)
    image[:, 50:] = 250
    small = _decode(thumbnail(image, 50), "jpeg")
    assert small.size == (50, 20)
    np.testing.assert_allclose(np.asarray(small)[10, [5, 45]], [[0] * 3, [250] * 3], atol=3)


def test_thumbnails_never_enlarge():
    assert _decode(thumbnail(np.zeros((4, 6, 3), np.uint8), 50), "jpeg").size == (6, 4)


def test_mask_thumbnail_has_no_ids_of_its_own():
    mask = np.zeros((64, 128), np.uint8)
    mask[:, 30:] = 255
    mask[:, 70:] = 1
    small = _decode(mask_thumbnail(mask, LABEL_MAP, 32), "png")
    assert small.size == (32, 16)
    assert small.mode == "P"
    assert np.unique(np.asarray(small)).tolist() == [0, 1, 255]


def test_both_thumbnails_have_one_size():
    size = (333, 500)
    image = _decode(thumbnail(np.zeros((*size, 3), np.uint8), 480), "jpeg")
    mask = _decode(mask_thumbnail(np.zeros(size, np.uint8), LABEL_MAP, 480), "png")
    assert image.size == mask.size == (480, 320)


def test_overlay_thumbnail_shows_classes_and_hatches_void():
    image = np.full((64, 128, 3), 100, np.uint8)
    mask = np.zeros((64, 128), np.uint8)
    mask[:, 32:64] = 1
    mask[:, 64:] = 255
    pixels = np.asarray(_decode(overlay_thumbnail(image, mask, LABEL_MAP, 64), "jpeg")).astype(int)
    assert pixels.shape == (32, 64, 3)
    # The mean of 100 and each class's colour.
    np.testing.assert_allclose(pixels[4:28, 2:12], np.broadcast_to((55, 60, 65), (24, 10, 3)), atol=6)
    np.testing.assert_allclose(pixels[4:28, 20:28], np.broadcast_to((150, 50, 100), (24, 8, 3)), atol=6)
    assert pixels[:, 40:].min() < 130 and pixels[:, 40:].max() > 225  # the image's own grey, and white
    assert pixels[:, 40:].mean() == pytest.approx(100 + 3 / 8 * 155, abs=4)


def test_overlay_thumbnail_of_a_mask_of_another_size():
    with pytest.raises(ValueError, match=r"\[2, 2, 3\].*\[2, 3\]"):
        overlay_thumbnail(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 3), np.uint8), LABEL_MAP, 8)


def test_difference_shows_what_is_wrong_on_a_dark_image():
    image = np.full((32, 64, 3), 200, np.uint8)
    truth, prediction = np.zeros((2, 32, 64), np.uint8)
    truth[:, 48:] = 255
    prediction[:, 16:32] = 1
    prediction[:, 56:] = 1  # void in the truth: not wrong
    pixels = np.asarray(_decode(difference_thumbnail(image, truth, prediction, 64), "jpeg")).astype(int)
    assert pixels.shape == (32, 64, 3)
    np.testing.assert_allclose(pixels[4:28, 20:28], np.broadcast_to(WRONG, (24, 8, 3)), atol=6)
    np.testing.assert_allclose(pixels[:, :8], np.full((32, 8, 3), 96), atol=6)
    np.testing.assert_allclose(np.ptp(pixels[:, 56:], axis=-1), 0, atol=12)  # grey
    assert np.ptp(pixels[:, 56:]) > 40  # hatched


def test_no_prediction_is_wrong():
    image, truth = np.zeros((16, 16, 3), np.uint8), np.zeros((16, 16), np.uint8)
    small = _decode(difference_thumbnail(image, truth, np.full_like(truth, 255), 16), "jpeg")
    np.testing.assert_allclose(np.asarray(small).astype(int), np.broadcast_to(WRONG, (16, 16, 3)), atol=6)


def test_difference_has_the_size_of_the_others():
    masks = np.zeros((2, 333, 500), np.uint8)
    assert _decode(difference_thumbnail(np.zeros((333, 500, 3), np.uint8), *masks, 480), "jpeg").size == (480, 320)


def test_difference_of_masks_of_another_size():
    mask = np.zeros((2, 2), np.uint8)
    with pytest.raises(ValueError, match=r"\[2, 3\]"):
        difference_thumbnail(np.zeros((2, 2, 3), np.uint8), mask, np.zeros((2, 3), np.uint8), 8)
