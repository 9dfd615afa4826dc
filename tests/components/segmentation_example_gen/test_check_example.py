import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from components.segmentation_example_gen.check_example import CheckedExample, check_example
from components.segmentation_example_gen.read_records import Record, read_records
from schema.label_map import LabelMap
from schema.record_error import RecordError
from tests.components.segmentation_example_gen.kinds_of_records import ACCEPTED, COLORS, MASK_KEY, REFUSED, text_of
from tests.components.segmentation_example_gen.records import (
    GOOD,
    IMAGE,
    LABEL_MAP,
    MASK,
    encode,
    encode_palette,
    example,
    noise,
    values_of,
)


def check(features: dict | bytes, label_map: LabelMap = LABEL_MAP) -> CheckedExample:
    serialized = features if isinstance(features, bytes) else example(features)
    return check_example(Record("/data/train-00", 7, serialized), label_map)


def mask_in(checked: CheckedExample) -> np.ndarray:
    """What TensorFlow, which will read it, sees."""
    return tf.io.decode_png(values_of(checked.example)[MASK_KEY][0], channels=1).numpy()[..., 0]


def test_a_record_becomes_the_contract_and_nothing_else():
    foreign = {"image/object/bbox/xmin": [0.5, 0.25], "image/key/sha256": b"00", "image/height": [999], "image/id": 5}
    checked = check({**GOOD, **foreign, "image/width": 1, "image/format": b"gif", "image/channels": 9})
    assert checked.name == "a.jpg"
    assert values_of(checked.example) == {
        **{key: [value] for key, value in GOOD.items()},
        "image/format": [b"jpeg"],
        "image/size": [b"up to 256"],
        "image/height": [2],
        "image/width": [4],
        "image/channels": [3],
        "image/segmentation/class/format": [b"png"],
        "image/source": [b"unknown"],
        "class/present": [0, 2],
        "class/pixels": [3, 0, 4],
        "void/fraction": [0.125],
        "mask/palette": [0],
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
    values = values_of(checked.example)
    assert {key: values[key] for key in stated} == {key: [value] for key, value in stated.items()}
    assert (values["image/encoded"], checked.notes) == ([IMAGE], ())
    np.testing.assert_array_equal(mask_in(checked), MASK)


@pytest.mark.parametrize(("features", "becomes", "notes"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_a_record_becomes(features, becomes, notes):
    checked = check(features)
    values = {**values_of(checked.example), "mask": mask_in(checked).tolist()}
    assert {key: values[key] for key in becomes} == becomes
    assert set(checked.notes) == notes
    assert values["image/encoded"] == [features["image/encoded"]]
    assert values["mask/palette"] == ["palette mask turned into ids" in notes]
    # As the Transform graph and TFMA's metric will read them.
    assert tf.io.decode_image(values["image/encoded"][0], channels=3, expand_animations=False).shape == (2, 4, 3)
    assert values[MASK_KEY][0][24:26] == bytes([8, 0])  # IHDR: 8 bits, greyscale
    with Image.open(io.BytesIO(values[MASK_KEY][0])) as read:
        assert np.array(read).tolist() == values["mask"]


@pytest.mark.parametrize(("features", "kind", "more"), REFUSED.values(), ids=REFUSED.keys())
def test_a_record_that_cannot_be_used_says_why(features, kind, more):
    with pytest.raises(RecordError) as error:
        check(features)
    assert error.value.kind == kind
    name = "train-00#7" if isinstance(features, bytes) or not features else "a.jpg"
    assert str(error.value).startswith(f"{name}: {text_of(kind, more)}")
    assert "\n" not in str(error.value)
    assert " at 0x" not in str(error.value)


def test_a_palette_mask_is_a_trap():
    """TensorFlow gives the luminance of its colours."""
    encoded = encode_palette(MASK, COLORS)
    luminance = tf.io.decode_png(encoded, channels=1).numpy()[..., 0]
    assert not (luminance == MASK).all()
    np.testing.assert_array_equal(mask_in(check({**GOOD, MASK_KEY: encoded})), MASK)


@pytest.mark.parametrize(
    ("ids", "void_id", "stored"),
    [
        ((0, 1, 2), 11, [[0, 1, 2, 11], [2, 2, 0, 0]]),
        ((1, 2, 3), 0, [[1, 2, 3, 0], [3, 3, 1, 1]]),
        ((7, 255, 11), 2, [[7, 255, 11, 2], [11, 11, 7, 7]]),
    ],
    ids=["camvid", "ade20k", "cityscapes"],
)
@pytest.mark.parametrize("palette", [False, True], ids=["grey", "palette"])
def test_ids_of_a_dataset_become_indices_and_255(ids, void_id, stored, palette):
    label_map = LabelMap(LABEL_MAP.names, LABEL_MAP.colors, ids, void_id)
    encoded = encode_palette(stored, COLORS) if palette else encode(np.array(stored, np.uint8))
    checked = check({**GOOD, MASK_KEY: encoded}, label_map)
    assert mask_in(checked).tolist() == [[0, 1, 2, 255], [2, 2, 0, 0]]
    values = values_of(checked.example)
    assert (values["class/present"], values["class/pixels"]) == ([0, 1, 2], [3, 1, 3])
    assert values["void/fraction"] == [0.125]
    expected = {"mask ids turned into class indices"} | ({"palette mask turned into ids"} if palette else set())
    assert set(checked.notes) == expected


def test_ids_that_are_no_range_are_listed():
    label_map = LabelMap(LABEL_MAP.names, LABEL_MAP.colors, (7, 255, 11), 2)
    with pytest.raises(RecordError, match=r"outside the label map: 0; expected 7, 11, 255 or 2 \(void\)"):
        check({**GOOD, MASK_KEY: encode(np.array([[7, 11, 255, 0], [7, 7, 7, 2]], np.uint8))}, label_map)


@pytest.mark.parametrize(
    ("mask", "pixels", "present", "void"),
    [
        ([[255, 255]], [0, 0, 0], [], 1.0),
        ([[1, 1]], [0, 2, 0], [1], 0.0),
        ([[2, 0]], [1, 0, 1], [0, 2], 0.0),
        ([[255, 2]], [0, 0, 1], [2], 0.5),
    ],
)
def test_what_is_derived_comes_from_the_pixels(mask, pixels, present, void):
    features = {"image/encoded": encode(noise(1, 2)), MASK_KEY: encode(np.array(mask, np.uint8))}
    values = values_of(check(features).example)
    assert (values["class/pixels"], values["class/present"]) == (pixels, present)
    assert values["void/fraction"] == [void]


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
        with pytest.raises(
            RecordError, match=r"mask ids outside the label map: 21, 22, 23, 24, 25, …; expected 0\.\.20"
        ):
            check_example(record, label_map)
