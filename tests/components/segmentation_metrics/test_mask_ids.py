import io

import numpy as np
import pytest
from PIL import Image

from components.segmentation_metrics.mask_ids import mask_ids
from tests.components.segmentation_metrics.masks import encode_png

IDS = np.array([[0, 15, 255], [1, 20, 0]], np.uint8)


def palette_png(ids) -> bytes:
    image = Image.fromarray(ids)
    image.putpalette([(7 * i) % 256 for i in range(768)])
    assert image.mode == "P"
    encoded = io.BytesIO()
    image.save(encoded, "PNG")
    return encoded.getvalue()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(encode_png(IDS), id="grey"),
        pytest.param(palette_png(IDS), id="palette: indices, not luminance"),
        pytest.param(np.array([encode_png(IDS)], object), id="object array [1], as TFMA's labels"),
        pytest.param(np.array(encode_png(IDS), object), id="object scalar"),
        pytest.param(np.array([encode_png(IDS)]), id="S array [1]"),
        pytest.param(np.bytes_(encode_png(IDS)), id="numpy bytes"),
        pytest.param(IDS, id="[H, W]"),
        pytest.param(IDS[..., None], id="[H, W, 1]"),
        pytest.param(IDS.astype(np.int64), id="int64"),
    ],
)
def test_gives_the_ids_back(value):
    np.testing.assert_array_equal(mask_ids(value), IDS)


def colour_png() -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (3, 2)).save(encoded, "PNG")
    return encoded.getvalue()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "got NoneType"),
        (np.array([], object), "dtype object with shape \\[0\\]"),
        (np.zeros((2, 3), np.float32), "dtype float32"),
        (np.zeros((2, 3), bool), "dtype bool"),
        (np.zeros((2, 3, 21), np.uint8), "got \\[2, 3, 21\\]"),
        (b"not a png", "9 bytes is not a readable image"),
        (b"", "0 bytes is not a readable image"),
        (encode_png(np.eye(200))[:150], "150 bytes is not a readable image: .*truncated"),
        (colour_png(), "got mode RGB"),
    ],
)
def test_says_what_is_wrong(value, message):
    with pytest.raises(ValueError, match=message):
        mask_ids(value)
