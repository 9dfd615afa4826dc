"""Anomalies of every kind, planted in real statistics; the words are held against what was planted."""

from __future__ import annotations

import pytest
from tensorflow_metadata.proto.v0 import schema_pb2

from schema.user_error import UserError
from tests.components.anomaly_guard.guarded import Guarded
from tests.components.anomaly_guard.statistics import SCHEMA, image

GOOD = [image(f"{index}.jpg") for index in range(10)]


def refusal(guarded: Guarded, *args, **kwargs) -> list[str]:
    """The lines of what the guard says, without what is around them."""
    with pytest.raises(UserError) as caught:
        guarded.look(*args, **kwargs)
    first, *lines, advice = str(caught.value).split("\n")
    assert first == "the data is not what the schema expects:"
    assert advice.startswith("mend the data; or, if it is right as it is, accept it with segpipe schema update")
    assert all(line.startswith("  ") for line in lines)
    return [line[2:] for line in lines]


def schema_with(name: str, **fields) -> schema_pb2.Schema:
    """Our own, with other fields of one feature."""
    schema = schema_pb2.Schema()
    schema.CopyFrom(SCHEMA)
    feature = next(feature for feature in schema.feature if feature.name == name)
    feature.ClearField("shape")
    for field in fields:
        feature.ClearField(field)
    feature.MergeFrom(schema_pb2.Feature(**fields))
    return schema


@pytest.fixture
def guarded(tmp_path) -> Guarded:
    return Guarded(tmp_path)


def test_data_that_keeps_the_schema_passes(guarded):
    guarded.look(GOOD, GOOD)


@pytest.mark.parametrize(
    ("planted", "line"),
    [
        ({"image_channels": 5}, "image/channels: expected 1 to 4, saw 5"),
        ({"image_height": 0}, "image/height: expected at least 1, saw 0"),
        ({"void_fraction": 1.5}, "void/fraction: expected 0 to 1, saw 1.5"),
        ({"classes": (0, 255)}, "class/present: expected 0 to 254, saw 255"),
        ({"image_format": b"gif"}, "image/format: expected jpeg or png, saw gif in 1 of 11 images"),
        ({"image_source": None}, "image/source: expected in every image, is in 10 of 11"),
        ({"weather": 1}, "weather: is not in the schema, and in 1 of 11 images"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_each_kind_of_anomaly_in_words(guarded, planted, line):
    assert refusal(guarded, GOOD, [*GOOD, image("odd.jpg", **planted)]) == [f"split eval, {line}"]


def test_a_feature_that_no_image_has(guarded):
    """The images of a split may be void all over, but not all of them."""
    without = [image(classes=()) for _ in range(3)]
    assert refusal(guarded, GOOD, without) == ["split eval, class/present: expected in 1 image or more, is in 0 of 3"]


def test_what_we_have_no_words_for_is_in_those_of_tfdv(guarded):
    schema = schema_with("image/source", value_count=schema_pb2.ValueCount(min=2))
    assert refusal(guarded, GOOD, GOOD, schema) == [
        f"split {split}, image/source: Some examples have fewer values than expected" for split in ("train", "eval")
    ]
    schema = schema_pb2.Schema(dataset_constraints={"min_examples_count": 11})
    schema.MergeFrom(SCHEMA)
    assert refusal(guarded, GOOD, [*GOOD, image()], schema) == [
        "split train: The dataset has 10 examples, which is fewer than expected."
    ]


def test_images_are_named_where_example_gen_has_named_them(guarded):
    summary = {
        "eval": {
            "features": {
                "image/height": {"min": [0, "flat.jpg"], "max": [300, "0.jpg"]},
                "image/channels": {"3": [10, ["0.jpg"]], "5": [1, ["odd.jpg"]]},
                "image/format": {"jpeg": [9, ["0.jpg"]], "gif": [2, ["odd.jpg", "flat.jpg"]]},
            }
        }
    }
    spoiled = [
        image("odd.jpg", image_channels=5, image_format=b"gif"),
        image("flat.jpg", image_height=0, image_format=b"gif"),
    ]
    assert refusal(guarded, GOOD, [*GOOD, *spoiled], summary=summary) == [
        "split eval, image/channels: expected 1 to 4, saw 5 (in odd.jpg)",
        "split eval, image/format: expected jpeg or png, saw gif in 2 of 12 images (odd.jpg, flat.jpg)",
        "split eval, image/height: expected at least 1, saw 0 (in flat.jpg)",
    ]


def test_splits_that_differ_are_told_by_what_differs(guarded):
    """Of 100 images each: the bicycle is in 80 and in none, heights have nothing in common, formats are swapped."""
    train = [image(classes=(0, 2) if index < 80 else (0,), image_height=300) for index in range(100)]
    evaluation = [image(classes=(0,), image_height=720, image_format=b"png") for _ in range(100)]
    assert refusal(guarded, train, evaluation) == [
        "train and eval differ in image/format: L-infinity distance 1.00, allowed 0.51: jpeg is in 100 % of train, "
        "0 % of eval; png is in 0 % of train, 100 % of eval",
        "train and eval differ in image/height: Jensen-Shannon divergence 1.00, allowed 0.57: 300 in train, "
        "720 in eval",
        "train and eval differ in class/present: L-infinity distance 0.80, allowed 0.71: class 2 (bicycle) is in "
        "80 % of train, 0 % of eval",
    ]


def test_a_range_is_told_with_its_median(guarded):
    train = [image(image_width=100 + index) for index in range(101)]
    evaluation = [image(image_width=500 + index) for index in range(101)]
    (line,) = refusal(guarded, train, evaluation)
    assert line.endswith("100 to 200 (median 150) in train, 500 to 600 (median 550) in eval")


def test_sources_may_differ(guarded):
    guarded.look([image(image_source=b"sbd")] * 100, [image(image_source=b"voc")] * 100)


def test_all_is_said_at_once(guarded):
    spoiled = [image(image_channels=5, image_format=b"gif", classes=(0, 255))] * 100
    lines = refusal(guarded, [image(image_height=-1)] * 100, spoiled)
    assert [line.partition(":")[0] for line in lines] == [
        "split train, image/height",
        "split eval, class/present",
        "split eval, image/channels",
        "split eval, image/format",
        *(f"train and eval differ in {name}" for name in ("image/format", "image/channels", "image/height")),
        "train and eval differ in class/present",
    ]
    assert "class 255 (not in the label map) is in 0 % of train, 100 % of eval" in lines[-1]
