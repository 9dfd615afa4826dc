import io
import zlib

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from schema.bare_png import bare_png
from tests.components.segmentation_example_gen.records import encode, encode_palette, raw_png

IDS = np.random.default_rng(0).integers(0, 9, (5, 7), np.uint8)
COLORS = [(9 * i, 255 - i, i) for i in range(9)]


def kinds(encoded: bytes) -> list[bytes]:
    found, at = [], 8
    while at < len(encoded):
        found.append(encoded[at + 4 : at + 8])
        at += 12 + int.from_bytes(encoded[at : at + 4], "big")
    return found


@pytest.mark.parametrize("encoded", [encode(IDS), encode_palette(IDS, COLORS)], ids=["grey", "palette"])
def test_pixels_alone_are_left(encoded):
    bare = bare_png(encoded + b"a tail")
    assert kinds(bare) == [b"IHDR", b"IDAT", b"IEND"]
    np.testing.assert_array_equal(tf.io.decode_png(bare)[..., 0], IDS)
    with Image.open(io.BytesIO(bare)) as image:
        assert image.mode == "L"
        np.testing.assert_array_equal(np.array(image), IDS)


def test_what_is_bare_stays_as_it_is():
    assert bare_png(encode(IDS)) == encode(IDS)


def test_critical_chunks_are_left_for_the_decoder_to_refuse():
    odd = raw_png(1, 1, 8, 0, b"\0\0", (b"ABCD", b"x"), (b"tEXt", b"a\0b"))
    assert kinds(bare_png(odd)) == [b"IHDR", b"ABCD", b"IDAT", b"IEND"]


WHOLE = encode_palette(IDS, COLORS)


@pytest.mark.parametrize(
    "encoded",
    [b"", b"GIF89a" + bytes(99), WHOLE[:8], WHOLE[:40], WHOLE[:-12], WHOLE[:-1], WHOLE[:8] + WHOLE[33:]],
)
def test_what_is_no_whole_png(encoded):
    with pytest.raises(ValueError, match=r"no PNG|breaks off"):
        bare_png(encoded)


def test_a_palette_header_is_checked_before_it_is_written_anew():
    spoilt = bytearray(WHOLE)
    spoilt[19] ^= 1  # the width
    with pytest.raises(ValueError, match="corrupt header"):
        bare_png(bytes(spoilt))
    spoilt[29:33] = zlib.crc32(spoilt[12:29]).to_bytes(4, "big")
    bare_png(bytes(spoilt))
