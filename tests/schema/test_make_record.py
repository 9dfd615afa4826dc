import io
import struct
import zlib

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from schema.label_map import LabelMap
from schema.make_record import make_record
from schema.user_error import UserError

LABEL_MAP = LabelMap(names=("sky", "road", "car"), colors=((0, 0, 255), (90, 90, 90), (255, 0, 0)))


def encode(pixels: np.ndarray, format_: str, **options) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format_, **options)
    return file.getvalue()


def noise(height: int, width: int, *channels: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, *channels), np.uint8)


def make(image: bytes, mask: np.ndarray) -> dict:
    return make_record(image, mask, LABEL_MAP, filename="a.jpg", source="test").features.feature


MASK = np.array([[0, 1, 2, 255], [2, 2, 0, 1], [255, 0, 0, 1]], np.uint8)


@pytest.mark.parametrize(
    ("image", "format_", "channels"),
    [
        (encode(noise(3, 4, 3), "JPEG"), b"jpeg", 3),
        (encode(noise(3, 4), "JPEG"), b"jpeg", 1),
        (encode(noise(3, 4, 3), "PNG"), b"png", 3),
        (encode(noise(3, 4, 4), "PNG"), b"png", 4),
    ],
    ids=["rgb jpeg", "grey jpeg", "rgb png", "rgba png"],
)
def test_record_holds_every_feature_of_the_contract(image, format_, channels):
    features = make(image, MASK)

    png = features["image/segmentation/class/encoded"].bytes_list.value[0]
    stored = {
        key: list(value.bytes_list.value or value.int64_list.value)
        for key, value in features.items()
        if key != "image/segmentation/class/encoded"
    }
    assert stored == {
        "image/encoded": [image],
        "image/filename": [b"a.jpg"],
        "image/format": [format_],
        "image/height": [3],
        "image/width": [4],
        "image/channels": [channels],
        "image/segmentation/class/format": [b"png"],
        "image/source": [b"test"],
    }
    assert png[24:26] == bytes([8, 0])  # IHDR: 8 bits, greyscale
    np.testing.assert_array_equal(tf.io.decode_png(png, channels=1)[..., 0], MASK)


def test_a_camera_jpeg_of_several_pictures_is_a_jpeg():
    file = io.BytesIO()
    Image.fromarray(noise(3, 4, 3)).save(file, "MPO", save_all=True, append_images=[Image.fromarray(noise(3, 4, 3))])
    assert make(file.getvalue(), MASK)["image/format"].bytes_list.value == [b"jpeg"]


JPEG = encode(noise(60, 80, 3), "JPEG")
PNG = encode(noise(60, 80, 3), "PNG")


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (JPEG[: len(JPEG) // 2], "truncated or corrupt, expected a whole JPEG"),
        (PNG[: len(PNG) // 2], "truncated or corrupt, expected a whole PNG"),
        (JPEG[:10], "cannot read the image header, expected a whole JPEG"),
        (b"GIF89a" + bytes(100), "expected a JPEG or PNG image, got .*GIF89a"),
        (b"", "expected a JPEG or PNG image"),
    ],
    ids=["half a jpeg", "half a png", "jpeg header", "gif", "empty"],
)
def test_an_image_that_does_not_decode_is_named_in_one_line(image, message):
    with pytest.raises(UserError, match=rf"^a\.jpg: .*{message}") as error:
        make(image, np.zeros((60, 80), np.uint8))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("side", [9_000, 60_000])  # Pillow itself refuses the larger
def test_a_decompression_bomb_is_refused_on_its_header(side):
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    with pytest.raises(UserError, match=r"^a\.jpg: .*pixels, at most 80000000"):
        make(bomb, np.zeros((side // 1000, 1), np.uint8))


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(UserError, match=r"^a\.jpg: the mask is 60x80 pixels .*expected 80x60"):
        make(JPEG, np.zeros((80, 60), np.uint8))


@pytest.mark.parametrize("id_", [3, 254])
def test_an_id_outside_the_label_map_is_refused(id_):
    mask = MASK.copy()
    mask[1, 2] = id_
    with pytest.raises(UserError, match=rf"^a\.jpg: .*: {id_}; expected 0\.\.2 or 255"):
        make(encode(noise(3, 4, 3), "PNG"), mask)


@pytest.mark.parametrize("mask", [np.zeros((60, 80, 1), np.uint8), np.zeros((60, 80), np.int64)])
def test_a_mask_that_is_no_mask_is_a_programming_error(mask):
    with pytest.raises(TypeError, match="uint8"):
        make(JPEG, mask)
