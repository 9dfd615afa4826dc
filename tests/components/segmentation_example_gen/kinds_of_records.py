"""Records of every kind that users' files hold, and what becomes of each."""

import numpy as np
from PIL import Image

from tests.components.segmentation_example_gen.records import (
    GOOD,
    IMAGE,
    MASK,
    encode,
    encode_palette,
    noise,
    raw_png,
)

MASK_KEY = "image/segmentation/class/encoded"
COLORS = [(200, 30, 10), (10, 200, 30), (30, 10, 200)]  # by luminance neither ids nor each other's

FEW = [[0, 1, 2, 1], [2, 2, 0, 0]]
ROWS = bytes(2 * 5)  # two rows of a filter byte and four pixels of class 0
ZEROS = [[0] * 4] * 2
BIG = encode(noise(60, 80), "JPEG")
CROSSED = {"image/encoded": encode(noise(4, 2), "JPEG")}  # 2x4, where the mask is 4x2


def image(encoded: bytes) -> dict:
    return {**GOOD, "image/encoded": encoded}


def mask(encoded: bytes) -> dict:
    return {**GOOD, MASK_KEY: encoded}


def turned(orientation: int, height: int = 2, width: int = 4, form: str = "JPEG") -> bytes:
    tags = Image.Exif()
    tags[0x112] = orientation
    return encode(noise(height, width), form, exif=tags)


PALETTE = "palette mask turned into ids"
TURNED = "EXIF orientation left aside"
STATED = "stated height or width is not that of the pixels"
NAMELESS = "named after its file and position"

# Kind -> the record, what it becomes (`mask`: the pixels; the image's bytes never change), and what is noted.
# All but the nameless are named a.jpg.
ACCEPTED: dict[str, tuple[dict, dict, set[str]]] = {
    "grey jpeg": (image(encode(noise()[..., 0], "JPEG")), {"image/channels": [1]}, set()),
    "cmyk jpeg": (image(encode(Image.new("CMYK", (4, 2), (1, 2, 3, 4)), "JPEG")), {"image/channels": [3]}, set()),
    "progressive jpeg": (image(encode(noise(), "JPEG", progressive=True)), {"image/channels": [3]}, set()),
    "jpeg with a tail": (image(IMAGE + b"behind the end"), {"image/channels": [3]}, set()),
    "png": (image(encode(noise())), {"image/channels": [3], "image/format": [b"png"]}, set()),
    "rgba png": (image(encode(noise(2, 4, 4))), {"image/channels": [4]}, set()),
    "grey and alpha png": (image(encode(noise(2, 4, 2))), {"image/channels": [2]}, set()),
    "16-bit png": (image(raw_png(4, 2, 16, 2, bytes(2 * 25))), {"image/channels": [3]}, set()),
    "palette png": (image(encode(Image.fromarray(noise()).quantize(8))), {"image/channels": [3]}, set()),
    "animated png": (
        image(encode(Image.fromarray(noise()), save_all=True, append_images=[Image.fromarray(noise())])),
        {"image/channels": [3]},
        set(),
    ),
    "exif upright": (image(turned(1)), {"image/height": [2], "image/width": [4]}, set()),
    "exif upside down": (image(turned(3)), {"image/height": [2], "image/width": [4]}, {TURNED}),
    "exif on its side": (image(turned(6)), {"image/height": [2], "image/width": [4]}, {TURNED}),
    "exif of a png": (image(turned(8, form="PNG")), {"image/height": [2], "image/width": [4]}, {TURNED}),
    "exif of no orientation": (image(turned(0)), {}, set()),
    "broken exif": (image(encode(noise(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff")), {}, set()),
    "palette mask": (mask(encode_palette(MASK, (COLORS * 86)[:256])), {"mask": MASK.tolist()}, {PALETTE}),
    "palette mask of few colours": (mask(encode_palette(MASK, COLORS)), {"mask": MASK.tolist()}, {PALETTE}),
    "4-bit palette mask": (mask(encode_palette(FEW, COLORS, bits=4)), {"mask": FEW}, {PALETTE}),
    "2-bit palette mask": (mask(encode_palette(FEW, COLORS, bits=2)), {"mask": FEW}, {PALETTE}),
    "1-bit palette mask": (mask(raw_png(4, 2, 1, 3, b"\0\xa0\0\x50", (b"PLTE", bytes(6)))), {}, {PALETTE}),
    "interlaced mask": (
        # Adam7: a pass has its rows, each behind a filter byte; 4x2 pixels have four of the seven passes.
        mask(raw_png(4, 2, 8, 0, b"\0\x00\0\xff\0\x02\x02\0\x02\x02\x00\x00", interlace=1)),
        {"mask": [[0, 2, 255, 2], [2, 2, 0, 0]]},
        set(),
    ),
    # What hangs on the pixels of a mask is left out: Pillow's parsers fall over some of it.
    "mask with a broken iCCP": (mask(raw_png(4, 2, 8, 0, ROWS, (b"iCCP", b"a"))), {"mask": ZEROS}, set()),
    "mask with a broken tRNS": (mask(raw_png(4, 2, 8, 0, ROWS, (b"tRNS", b""))), {"mask": ZEROS}, set()),
    "mask with a broken cHRM": (mask(raw_png(4, 2, 8, 0, ROWS, (b"cHRM", b"abc"))), {"mask": ZEROS}, set()),
    "mask with a tail": (mask(encode(MASK) + b"behind the end"), {"mask": MASK.tolist()}, set()),
    "animated mask": (
        mask(encode(Image.fromarray(MASK), save_all=True, append_images=[Image.fromarray(MASK ^ 1)])),
        {"mask": MASK.tolist()},
        set(),
    ),
    "no name": ({**GOOD, "image/filename": None}, {"image/filename": [b"train-00#7"]}, {NAMELESS}),
    "empty name": ({**GOOD, "image/filename": b""}, {"image/filename": [b"train-00#7"]}, {NAMELESS}),
    "name of no value": ({**GOOD, "image/filename": []}, {"image/filename": [b"train-00#7"]}, {NAMELESS}),
    "number for a name": ({**GOOD, "image/filename": 5}, {"image/filename": [b"train-00#7"]}, {NAMELESS}),
    "two names": ({**GOOD, "image/filename": [b"a", b"b"]}, {"image/filename": [b"a"]}, set()),
    "name that is no utf-8": ({**GOOD, "image/filename": b"a\xff.jpg"}, {"image/filename": [rb"a\xff.jpg"]}, set()),
    "name that is a path": ({**GOOD, "image/filename": b"../../etc/x"}, {"image/filename": [b"../../etc/x"]}, set()),
    "stated size wrong": ({**GOOD, "image/height": 999, "image/width": 4}, {"image/height": [2]}, {STATED}),
    "stated size of two values": ({**GOOD, "image/height": [2, 2]}, {"image/height": [2]}, {STATED}),
    "stated size that is no number": ({**GOOD, "image/width": b"4"}, {"image/width": [4]}, {STATED}),
    "stated format wrong": ({**GOOD, "image/format": b"gif"}, {"image/format": [b"jpeg"]}, set()),
    "source": ({**GOOD, "image/source": b"voc"}, {"image/source": [b"voc"]}, set()),
}


def text_of(kind: str, more: str) -> str:
    """The start of what is said of a record that is refused."""
    return f"{kind}{more}" if not more or more[0] in ",;:" else more


BROKEN_MASK = "the mask is truncated or corrupt, expected a whole PNG"
NO_MASK_FORMAT = "expected a palette or 8-bit greyscale PNG of class ids"
TOO_LARGE = "the {} is too large, at most 80000000 pixels are read"

# Kind -> the record, its kind of fault, and what is said of it: how that goes on, or another text.
REFUSED: dict[str, tuple[dict | bytes, str, str]] = {
    "no bytes": (b"", "not a tf.Example, or one without features", ""),
    "text": (b"hello world", "not a tf.Example, or one without features", ""),
    "zeros": (bytes(99), "not a tf.Example, or one without features", ""),
    "half a tf.Example": (b"\x0a\x08\x0a\x06\x0a\x02\xff\xfe\x12\x00", "not a tf.Example, or one without features", ""),
    "no features": ({}, "not a tf.Example, or one without features", ""),
    "no image": ({**GOOD, "image/encoded": None}, "no feature image/encoded", f"; found image/filename, {MASK_KEY}"),
    "no mask": ({**GOOD, MASK_KEY: None}, f"no feature {MASK_KEY}", "; found image/encoded, image/filename"),
    "int image": ({**GOOD, "image/encoded": [1, 2]}, "image/encoded: expected a bytes_list", ", got int64_list"),
    "float mask": ({**GOOD, MASK_KEY: [0.5]}, f"{MASK_KEY}: expected a bytes_list", ", got float_list"),
    "two images": ({**GOOD, "image/encoded": [IMAGE, IMAGE]}, "image/encoded: expected one value", ", got 2"),
    "two masks": ({**GOOD, MASK_KEY: [encode(MASK)] * 2}, f"{MASK_KEY}: expected one value", ", got 2"),
    "image of no value": ({**GOOD, "image/encoded": []}, "image/encoded: expected one value", ", got 0"),
    "empty image": (image(b""), "image/encoded: expected an encoded image, got empty bytes", ""),
    "empty mask": (mask(b""), f"{MASK_KEY}: expected an encoded image, got empty bytes", ""),
    "text for an image": (image(b"see a.jpg"), "expected a JPEG or PNG image", ", got a file that starts with b'see a"),
    "gif": (image(encode(noise(), "GIF")), "expected a JPEG or PNG image", ", got a file that starts with b'GIF8"),
    "animated gif": (
        image(encode(Image.fromarray(MASK), "GIF", save_all=True, append_images=[Image.fromarray(MASK ^ 1)])),
        "expected a JPEG or PNG image",
        ", got a file that starts with b'GIF8",
    ),
    "webp": (image(encode(noise(), "WEBP")), "expected a JPEG or PNG image", ", got a file that starts with b'RIFF"),
    "bmp": (image(encode(noise(), "BMP")), "expected a JPEG or PNG image", ", got a file that starts with b'BM"),
    "half a jpeg": (
        {**image(BIG[: len(BIG) // 2]), MASK_KEY: encode(np.zeros((60, 80), np.uint8))},
        "the image is truncated or corrupt, expected a whole JPEG",
        "",
    ),
    "jpeg without end": (image(IMAGE[:-2]), "the image is truncated or corrupt, expected a whole JPEG", ""),
    "jpeg of no size": (
        image(IMAGE.replace(b"\x00\x02\x00\x04", bytes(4))),
        "cannot read the image header, expected a whole JPEG",
        "",
    ),
    "half a png": (image(encode(noise())[:45]), "the image is truncated or corrupt, expected a whole PNG", ""),
    "png of no size": (image(raw_png(0, 0, 8, 0, b"")), "cannot read the image header, expected a whole PNG", ""),
    "large image": (
        image(raw_png(9_000, 9_000, 8, 0, ROWS)),
        TOO_LARGE.format("image"),
        "9000x9000 pixels, at most 80000000 are read",
    ),
    "huge image": (  # Pillow itself refuses it
        image(raw_png(60_000, 60_000, 8, 0, ROWS)),
        TOO_LARGE.format("image"),
        "too many pixels, at most 80000000 are read",
    ),
    "mask of another size": (
        mask(encode(MASK[:1])),
        "the mask is not of the image's size",
        "the mask is 4x1 pixels (width x height), expected 4x2 as the image",
    ),
    "crossed sizes": (
        {**GOOD, **CROSSED},
        "the mask is not of the image's size",
        "the mask is 4x2 pixels (width x height), expected 2x4 as the image",
    ),
    "mask of the turned image": (
        image(turned(6, 4, 2)),
        "the mask fits the image only as its EXIF orientation turns it",
        "the mask is 4x2 pixels (width x height) and fits the image only as its EXIF orientation 6 turns it, expected "
        "2x4 as its pixels are stored: turn the pixels of the image and drop the tag, or turn the mask",
    ),
    "mask of the image upside down, crossed": (
        image(turned(3, 4, 2)),
        "the mask is not of the image's size",
        "the mask is 4x2 pixels (width x height), expected 2x4 as the image",
    ),
    "unknown id": (mask(encode(MASK + 1)), "mask ids outside the label map", ": 3; expected 0..2 or 255 (void)"),
    "unknown palette id": (mask(encode_palette(MASK + 1, COLORS)), "mask ids outside the label map", ": 3; expected"),
    "jpeg mask": (mask(encode(MASK, "JPEG")), "cannot read the mask, expected a PNG", r", got bytes that start with"),
    "rgb mask": (mask(encode(noise())), NO_MASK_FORMAT, ", got mode RGB, 8-bit"),
    "rgba mask": (mask(encode(noise(2, 4, 4))), NO_MASK_FORMAT, ", got mode RGBA, 8-bit"),
    "grey and alpha mask": (mask(encode(noise(2, 4, 2))), NO_MASK_FORMAT, ", got mode LA, 8-bit"),
    "16-bit mask": (mask(encode(MASK.astype(np.uint16))), NO_MASK_FORMAT, ", got mode L, 16-bit"),
    # 4 bits scale id 15 up to 255: it would pass for void.
    "4-bit mask": (mask(raw_png(4, 2, 4, 0, b"\0\x0f\xff" * 2)), NO_MASK_FORMAT, ", got mode L, 4-bit"),
    "1-bit mask": (mask(encode(MASK > 1)), NO_MASK_FORMAT, ", got mode L, 1-bit"),
    "mask of no size": (mask(raw_png(0, 0, 8, 0, b"")), BROKEN_MASK, ""),
    "half a mask": (mask(encode(noise(2, 4)[..., 0])[:-25]), BROKEN_MASK, ""),
    "head of a mask": (mask(encode(MASK)[:20]), BROKEN_MASK, ""),
    "mask without end": (mask(encode(MASK)[:-12]), BROKEN_MASK, ""),
    # Pillow fills these with class 0.
    "mask short of rows": (mask(raw_png(4, 2, 8, 0, ROWS[:5])), BROKEN_MASK, ""),
    "palette mask short of rows": (mask(raw_png(4, 2, 8, 3, ROWS[:5])), BROKEN_MASK, ""),
    "palette mask with a changed size": (
        mask(encode_palette(MASK, COLORS).replace(b"\0\0\0\x04", b"\0\0\0\x02", 1)),
        BROKEN_MASK,
        "",
    ),
    "large mask": (
        mask(raw_png(9_000, 9_000, 8, 0, ROWS)),
        TOO_LARGE.format("mask"),
        "9000x9000 pixels, at most 80000000 are read",
    ),
    "huge mask": (
        mask(raw_png(60_000, 60_000, 8, 3, ROWS)),
        TOO_LARGE.format("mask"),
        "60000x60000 pixels, at most 80000000 are read",
    ),
}
