import io

import numpy as np
from PIL import Image

from pipeline.server.count_scans import count_scans


def _jpeg(**options) -> bytes:
    encoded = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    Image.fromarray(pixels).save(encoded, "JPEG", **options)
    return encoded.getvalue()


def test_one_scan_and_the_ten_that_progressive_ones_have():
    assert count_scans(_jpeg(), 100) == 1
    assert count_scans(_jpeg(restart_marker_blocks=1), 100) == 1
    assert count_scans(_jpeg(progressive=True), 100) == 10


def test_what_looks_like_a_scan_in_metadata_and_behind_the_end_is_none():
    jpeg = _jpeg(exif=b"Exif\0\0" + b"\xff\xda" * 500)
    assert jpeg.count(b"\xff\xda") > 500
    assert count_scans(jpeg + b"\xff\xda\0\x02" * 500, 100) == 1


def test_counting_ends_where_there_are_too_many():
    scan = b"\xff\xda\0\x08\x01\x01\0\x01\x3f\0"
    assert count_scans(_jpeg()[:-2] + b"garbage" + scan * 50 + b"\xff\xd9", 100) == 51
    assert count_scans(_jpeg()[:-2] + scan * 100_000, 100) == 101
