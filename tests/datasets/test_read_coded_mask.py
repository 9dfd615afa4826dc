import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from datasets.legend import Legend
from datasets.read_coded_mask import read_coded_mask
from schema.label_map import LabelMap
from schema.user_error import UserError

LABEL_MAP = LabelMap(
    names=("road", "car", "sky"), colors=((128, 64, 128), (0, 0, 142), (70, 130, 180)), ids=(7, 26, 200)
)
LEGEND = Legend(LABEL_MAP, void_ids=(0, 1, 40_000), void_colors=((0, 0, 0), (255, 255, 255)))
IDS = [[7, 26, 200], [0, 255, 1]]
COLORS = [[(128, 64, 128), (0, 0, 142), (70, 130, 180)], [(0, 0, 0), (255, 255, 255), (0, 0, 0)]]
CLASSES = [[0, 1, 2], [255, 255, 255]]


def png(path, rows, kind, bits):
    """A PNG written by hand: `rows` are of bytes."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    channels = {0: 1, 2: 3, 3: 1, 6: 4}[kind]
    width = len(rows[0]) * 8 // bits // channels
    palette = chunk(b"PLTE", bytes(range(48))) if kind == 3 else b""
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), bits, kind, 0, 0, 0))
        + palette
        + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + bytes(row) for row in rows)))
        + chunk(b"IEND", b"")
    )
    return path


def flat(rows, *more):
    return [[value for color in row for value in (*color, *more)] for row in rows]


def wide(rows):
    return [[byte for value in row for byte in (value >> 8, value & 255)] for row in rows]


FORMS = {
    "grey": (IDS, 0, 8),
    "16-bit grey": (wide([[7, 26, 200], [0, 40_000, 1]]), 0, 16),
    "palette": (IDS, 3, 8),
    "RGB": (flat(COLORS), 2, 8),
    "opaque RGBA": (flat(COLORS, 255), 6, 8),
}


@pytest.mark.parametrize(("rows", "kind", "bits"), FORMS.values(), ids=FORMS)
def test_forms_of_masks(tmp_path, rows, kind, bits):
    mask = read_coded_mask(png(tmp_path / "m.png", rows, kind, bits), LEGEND)
    assert mask.dtype == np.uint8
    assert mask.tolist() == CLASSES


def test_a_palette_of_four_bits_holds_ids_as_they_are(tmp_path):
    legend = Legend(LabelMap(names=("a", "b"), colors=((0, 0, 0), (1, 1, 1)), ids=(1, 15)))
    assert read_coded_mask(png(tmp_path / "m.png", [[0x1F, 0xF1]], 3, 4), legend).tolist() == [[0, 1, 1, 0]]


@pytest.mark.parametrize(
    ("rows", "kind", "bits", "message"),
    [
        ([[7, 26, 8], [8, 9, 7]], 0, 8, r"id 8 at x=2, y=0 is not in the label map; .*--void-ids"),
        (wide([[7, 26], [7, 26 + 256]]), 0, 16, r"id 282 at x=1, y=1 is not in the label map"),
        (
            flat([COLORS[0], [(0, 0, 142), (0, 0, 143), (0, 0, 142)]]),
            2,
            8,
            r"colour 0,0,143 at x=1, y=1 .*--void-colors",
        ),
        (flat([[(254, 255, 255)]]), 2, 8, r"colour 254,255,255 at x=0, y=0"),
        (flat(COLORS, 254), 6, 8, r"the pixel at x=0, y=0 is transparent"),
        ([[0x7F]], 0, 4, r"expected a PNG of ids .*got mode L, 4-bit"),
        ([[0b01000000]], 0, 1, r"expected a PNG of ids .*got mode 1, 1-bit"),
        (flat([[(0, 128, 0, 64, 0, 128)]]), 2, 16, r"expected a PNG of ids .*16-bit"),
    ],
)
def test_what_stands_for_nothing_is_named_with_its_pixel(tmp_path, rows, kind, bits, message):
    with pytest.raises(UserError, match=rf"m\.png: {message}"):
        read_coded_mask(png(tmp_path / "m.png", rows, kind, bits), LEGEND)


def test_other_files_are_named(tmp_path):
    path = tmp_path / "m.png"
    with pytest.raises(UserError, match=r"m\.png: cannot read the mask: "):
        read_coded_mask(path, LEGEND)
    Image.new("L", (8, 8), 7).save(path, "JPEG")
    with pytest.raises(UserError, match=r"m\.png: cannot read the mask, expected a whole PNG"):
        read_coded_mask(path, LEGEND)
    png(path, [[7] * 100] * 100, 0, 8)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UserError, match=r"m\.png: cannot read the mask, expected a whole PNG"):
        read_coded_mask(path, LEGEND)


def test_a_header_that_claims_gigabytes_is_not_believed(tmp_path):
    path = png(tmp_path / "m.png", [[7]], 0, 8)
    raw = bytearray(path.read_bytes())
    raw[16:24] = struct.pack(">II", 10_000, 10_000)
    raw[29:33] = struct.pack(">I", zlib.crc32(bytes(raw[12:29])))
    path.write_bytes(raw)
    with pytest.raises(UserError, match=r"10000x10000 pixels, at most 80000000 are read"):
        read_coded_mask(path, LEGEND)
