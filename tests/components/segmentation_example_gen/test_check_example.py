import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from components.segmentation_example_gen.check_example import check_example
from components.segmentation_example_gen.read_records import Record, read_records
from schema.label_map import LabelMap
from schema.user_error import UserError
from tests.components.segmentation_example_gen.records import (
    GOOD,
    IMAGE,
    LABEL_MAP,
    MASK,
    encode,
    encode_palette,
    example,
    noise,
    raw_png,
    values_of,
)

MASK_KEY = "image/segmentation/class/encoded"
COLORS = [(200, 30, 10), (10, 200, 30), (30, 10, 200)]  # by luminance neither ids nor each other's


def check(features: dict, label_map: LabelMap = LABEL_MAP) -> dict:
    return values_of(check_example(Record("/data/train-00", 7, example(features)), label_map))


def mask_in(checked: dict) -> np.ndarray:
    """What TensorFlow, which will read it, sees."""
    return tf.io.decode_png(checked[MASK_KEY][0], channels=1).numpy()[..., 0]


def test_a_record_becomes_the_contract_and_nothing_else():
    foreign = {"image/object/bbox/xmin": [0.5, 0.25], "image/key/sha256": b"00", "image/height": [999], "image/id": 5}
    assert check({**GOOD, **foreign, "image/width": 1, "image/format": b"gif", "image/channels": 9}) == {
        **{key: [value] for key, value in GOOD.items()},
        "image/filename": [b"train-00#7"],
        "image/format": [b"jpeg"],
        "image/size": [b"up to 256"],
        "image/height": [2],
        "image/width": [4],
        "image/channels": [3],
        "image/segmentation/class/format": [b"png"],
        "image/source": [b"unknown"],
        "class/present": [0, 2],
        "void/fraction": [0.125],
    }


def test_a_record_as_deeplab_writes_it():
    """The keys of `research/deeplab/datasets/build_data.py`."""
    stated = {
        "image/filename": b"2007_000032",
        "image/format": b"jpeg",
        "image/height": 2,
        "image/width": 4,
        "image/channels": 3,
        "image/segmentation/class/format": b"png",
    }
    checked = check({**GOOD, **stated})
    assert {key: checked[key] for key in stated} == {key: [value] for key, value in stated.items()}
    assert checked["image/encoded"] == [IMAGE]
    np.testing.assert_array_equal(mask_in(checked), MASK)


@pytest.mark.parametrize("size", [4, 256], ids=["short palette", "whole palette"])
def test_a_palette_mask_keeps_its_ids(size):
    encoded = encode_palette(MASK, (COLORS * 86)[:size])
    with Image.open(io.BytesIO(encoded)) as image:
        assert image.mode == "P"
        np.testing.assert_array_equal(np.array(image), MASK)
    luminance = tf.io.decode_png(encoded, channels=1).numpy()[..., 0]
    assert not (luminance == MASK).all()  # the trap is there

    checked = check({**GOOD, MASK_KEY: encoded})
    np.testing.assert_array_equal(mask_in(checked), MASK)
    assert checked[MASK_KEY][0][24:26] == bytes([8, 0])  # IHDR: 8 bits, greyscale
    assert checked["class/present"] == [0, 2]


def test_a_palette_mask_of_few_bits_keeps_its_ids():
    encoded = encode_palette([[0, 1, 2, 1], [2, 2, 0, 0]], [*COLORS, (0, 0, 0)], bits=2)
    assert encoded[24:26] == bytes([2, 3])
    assert mask_in(check({**GOOD, MASK_KEY: encoded})).tolist() == [[0, 1, 2, 1], [2, 2, 0, 0]]


@pytest.mark.parametrize(
    ("ids", "void_id", "stored"),
    [
        ((0, 1, 2), 11, [[0, 1, 2, 11], [2, 2, 0, 0]]),
        ((1, 2, 3), 0, [[1, 2, 3, 0], [3, 3, 1, 1]]),
        ((7, 255, 11), 2, [[7, 255, 11, 2], [11, 11, 7, 7]]),
    ],
    ids=["camvid", "ade20k", "cityscapes"],
)
@pytest.mark.parametrize(
    "encode_ids", [lambda ids: encode(np.array(ids, np.uint8)), lambda ids: encode_palette(ids, COLORS)]
)
def test_ids_of_a_dataset_become_indices_and_255(ids, void_id, stored, encode_ids):
    label_map = LabelMap(LABEL_MAP.names, LABEL_MAP.colors, ids, void_id)
    checked = check({**GOOD, MASK_KEY: encode_ids(stored)}, label_map)
    assert mask_in(checked).tolist() == [[0, 1, 2, 255], [2, 2, 0, 0]]
    assert (checked["class/present"], checked["void/fraction"]) == ([0, 1, 2], [0.125])


def test_ids_that_are_no_range_are_listed():
    label_map = LabelMap(LABEL_MAP.names, LABEL_MAP.colors, (7, 255, 11), 2)
    with pytest.raises(UserError, match=r"outside the label map: 0; expected 7, 11, 255 or 2 \(void\)"):
        check({**GOOD, MASK_KEY: encode(np.array([[7, 11, 255, 0], [7, 7, 7, 2]], np.uint8))}, label_map)


@pytest.mark.parametrize(
    ("mask", "present", "void"),
    [([[255, 255]], [], 1.0), ([[1, 1]], [1], 0.0), ([[2, 0]], [0, 2], 0.0), ([[255, 2]], [2], 0.5)],
)
def test_what_is_derived_comes_from_the_pixels(mask, present, void):
    checked = check({"image/encoded": encode(noise(1, 2)), MASK_KEY: encode(np.array(mask, np.uint8))})
    assert (checked["class/present"], checked["void/fraction"]) == (present, [void])


@pytest.mark.parametrize("name", [b"", []], ids=["empty", "no value"])
def test_a_record_without_a_name_is_named_by_file_and_position(name):
    assert check({**GOOD, "image/filename": name})["image/filename"] == [b"train-00#7"]


def test_a_name_that_is_no_utf_8_is_escaped():
    assert check({**GOOD, "image/filename": b"a\xff.jpg"})["image/filename"] == [rb"a\xff.jpg"]


def test_the_source_is_kept():
    assert check({**GOOD, "image/source": b"voc"})["image/source"] == [b"voc"]


def exif(pixels) -> bytes:
    orientation = Image.Exif()
    orientation[0x112] = 6  # lying on its side, for those who look; TensorFlow does not
    return encode(pixels, "JPEG", exif=orientation)


@pytest.mark.parametrize(
    ("image", "channels"),
    [
        (encode(noise()[..., 0], "JPEG"), 1),
        (encode(Image.new("CMYK", (4, 2), (1, 2, 3, 4)), "JPEG"), 3),
        (encode(noise(), "JPEG", progressive=True), 3),
        (exif(noise()), 3),
        (IMAGE + b"behind the end", 3),
        (encode(noise()), 3),
        (encode(noise(2, 4, 4)), 4),
        (encode(noise(2, 4, 2)), 2),
        (raw_png(4, 2, 16, 2, bytes(2 * 25)), 3),
        (encode(Image.fromarray(noise()).quantize(8)), 3),
        (encode(Image.fromarray(noise()), save_all=True, append_images=[Image.fromarray(noise())]), 3),
    ],
    ids=[
        "grey",
        "cmyk",
        "progressive",
        "exif",
        "tail",
        "png",
        "rgba",
        "grey and alpha",
        "16 bits",
        "palette",
        "animated",
    ],
)
def test_images_of_every_kind_pass_through_untouched(image, channels):
    checked = check({**GOOD, "image/encoded": image})
    assert (checked["image/encoded"], checked["image/channels"]) == ([image], [channels])
    decoded = tf.io.decode_image(image, channels=3, expand_animations=False)  # as the Transform graph does
    assert decoded.shape == (2, 4, 3)


def bad_mask(encoded: bytes) -> dict:
    return {**GOOD, MASK_KEY: encoded}


def bad_image(encoded: bytes) -> dict:
    return {**GOOD, "image/encoded": encoded}


ROWS = bytes(2 * 5)  # two rows of a filter byte and four pixels of class 0
BIG = encode(noise(60, 80), "JPEG")
PNG_TWICE = encode(Image.fromarray(noise()), save_all=True, append_images=[Image.fromarray(MASK)])

REFUSED = {
    "no features": ({}, "not a tf.Example"),
    "no image": ({**GOOD, "image/encoded": None}, f"no feature image/encoded; found {MASK_KEY}"),
    "no mask": ({**GOOD, MASK_KEY: None}, f"no feature {MASK_KEY}; found image/encoded"),
    "int image": ({**GOOD, "image/encoded": [1, 2]}, "image/encoded: expected a bytes_list, got int64_list"),
    "float mask": ({**GOOD, MASK_KEY: [0.5]}, f"{MASK_KEY}: expected a bytes_list, got float_list"),
    "two images": ({**GOOD, "image/encoded": [IMAGE, IMAGE]}, "image/encoded: expected one value, got 2"),
    "no value": ({**GOOD, "image/encoded": []}, "image/encoded: expected one value, got 0"),
    "empty image": (bad_image(b""), "image/encoded: expected an encoded image, got empty bytes"),
    "empty mask": (bad_mask(b""), f"{MASK_KEY}: expected an encoded image, got empty bytes"),
    "text for an image": (bad_image(b"see a.jpg"), "expected a JPEG or PNG image, got .*see a"),
    "half a jpeg": (bad_image(BIG[: len(BIG) // 2]), "the image is truncated or corrupt, expected a whole JPEG"),
    "jpeg without end": (bad_image(BIG[:-2]), "the image is truncated or corrupt, expected a whole JPEG"),
    "jpeg of no size": (bad_image(IMAGE.replace(b"\x00\x02\x00\x04", bytes(4))), "image header, expected a whole JPEG"),
    "png of no size": (bad_image(raw_png(0, 0, 8, 0, b"")), "cannot read the image header, expected a whole PNG"),
    "half a png": (bad_image(encode(noise())[:70]), "the image is truncated or corrupt, expected a whole PNG"),
    "gif": (bad_image(encode(noise(), "GIF")), "expected a JPEG or PNG image, got .*GIF8"),
    "webp": (bad_image(encode(noise(), "WEBP")), "expected a JPEG or PNG image, got .*RIFF"),
    "bmp": (bad_image(encode(noise(), "BMP")), "expected a JPEG or PNG image, got .*BM"),
    "mask of another size": (bad_mask(encode(MASK.T)), r"the mask is 2x4 pixels .* expected 4x2"),
    "unknown id": (bad_mask(encode(MASK + 1)), r"mask ids outside the label map: 3; expected 0\.\.2 or 255 \(void\)"),
    "unknown palette id": (bad_mask(encode_palette(MASK + 1, COLORS)), "mask ids outside the label map: 3"),
    "jpeg mask": (bad_mask(encode(MASK, "JPEG")), rf"{MASK_KEY}: cannot read the mask, expected a PNG, got .*xff.xd8"),
    "mask of no size": (bad_mask(raw_png(0, 0, 8, 0, b"")), "cannot read the mask, expected a PNG"),
    "rgb mask": (bad_mask(encode(noise())), "expected a palette or 8-bit greyscale PNG .* got mode RGB"),
    "grey and alpha mask": (bad_mask(encode(noise(2, 4, 2))), "expected a palette or 8-bit .* got mode LA"),
    "16-bit mask": (bad_mask(encode(MASK.astype(np.uint16))), "expected a palette or 8-bit .* 16-bit"),
    # 4 bits scale id 15 up to 255: it would pass for void.
    "4-bit mask": (bad_mask(raw_png(4, 2, 4, 0, b"\0\x0f\xff" * 2)), "expected a palette or 8-bit .* 4-bit"),
    "1-bit mask": (bad_mask(encode(MASK > 1)), "expected a palette or 8-bit .* 1-bit"),
    "half a mask": (bad_mask(encode(noise(2, 4)[..., 0])[:-25]), f"{MASK_KEY}: cannot read the mask"),
    # Pillow fills these with class 0, or does not look so far.
    "mask short of rows": (bad_mask(raw_png(4, 2, 8, 0, ROWS[:5])), "the mask is truncated or corrupt"),
    "palette mask short of rows": (bad_mask(raw_png(4, 2, 8, 3, ROWS[:5])), "the mask is truncated or corrupt"),
    "mask without end": (bad_mask(encode(MASK)[:-12]), "the mask is truncated or corrupt"),
    # Pillow's own parsers fall over these: IndexError, struct.error.
    "mask, broken iCCP": (bad_mask(raw_png(4, 2, 8, 0, ROWS, (b"iCCP", b"a"))), "cannot read the mask"),
    "mask, broken tRNS": (bad_mask(raw_png(4, 2, 8, 0, ROWS, (b"tRNS", b""))), "cannot read the mask"),
    "mask, broken cHRM": (bad_mask(raw_png(4, 2, 8, 0, ROWS, (b"cHRM", b"abc"))), "cannot read the mask"),
    "mask, huge": (bad_mask(raw_png(60_000, 60_000, 8, 0, ROWS)), "cannot read the mask, .*exceeds limit"),
    "mask, large": (bad_mask(raw_png(9_000, 9_000, 8, 0, ROWS)), "9000x9000 pixels, at most 80000000"),
}


@pytest.mark.parametrize(("features", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_record_that_cannot_be_used_says_why(features, reason):
    with pytest.raises(UserError, match=reason) as error:
        check(features)
    assert "\n" not in str(error.value)
    assert " at 0x" not in str(error.value)


@pytest.mark.parametrize("serialized", [b"", b"hello world", b"\x0a\x08\x0a\x06\x0a\x02\xff\xfe\x12\x00", bytes(99)])
@pytest.mark.filterwarnings("ignore:Unexpected end-group tag")
def test_what_is_no_example_is_said_to_be_none(serialized):
    with pytest.raises(UserError, match=r"not a tf\.Example"):
        check_example(Record("/data/train-00", 7, serialized), LABEL_MAP)


@pytest.mark.parametrize("key", GOOD)
@pytest.mark.filterwarnings("ignore")
def test_flipped_bytes_raise_nothing_but_user_errors(key):
    rng = np.random.default_rng(1)
    originals = [encode(noise(20, 30)), encode(noise(20, 30), "JPEG")] if key == "image/encoded" else [encode(MASK)]
    refused = 0
    for trial in range(150):
        broken = bytearray(originals[trial % len(originals)])
        for _ in range(rng.integers(1, 4)):
            broken[rng.integers(8, len(broken))] = rng.integers(256)
        try:
            check({**GOOD, "image/encoded": encode(noise(20, 30)), key: bytes(broken)})
        except UserError:
            refused += 1
    assert refused > 50


@pytest.mark.realdata
def test_every_record_of_deeplabs_own_test_file_is_refused_for_its_labels(real_data):
    label_map = LabelMap(tuple(f"class {i}" for i in range(21)), tuple((i, i, i) for i in range(21)))
    records = [
        record
        for file in sorted((real_data / "deeplab_tfrecord").glob("*tfrecord*"))
        for record in read_records(str(file))
    ]
    assert len(records) == 3
    for record in records:
        with pytest.raises(UserError, match=r"mask ids outside the label map: 21, 22, 23, 24, 25, …; expected 0\.\.20"):
            check_example(record, label_map)
