import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from schema.encode_mask import encode_mask


@pytest.mark.parametrize("mask", [np.full((3, 5), 255, np.uint8), np.arange(256, dtype=np.uint8).reshape(8, 32)])
def test_both_decoders_read_it(mask):
    png = encode_mask(mask)
    assert png[24:26] == bytes([8, 0])  # IHDR: 8 bits, greyscale
    np.testing.assert_array_equal(tf.io.decode_png(png, channels=1)[..., 0], mask)
    with Image.open(io.BytesIO(png)) as image:
        np.testing.assert_array_equal(np.array(image), mask)
