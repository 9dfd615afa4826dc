"""Distances that can be worked out by hand."""

import math

import pytest
import tensorflow_data_validation as tfdv
from tensorflow_metadata.proto.v0 import schema_pb2

from components.anomaly_guard.measure_differences import DRIFT, SKEW, measure_differences
from tests.components.anomaly_guard.statistics import SCHEMA, image, statistics_of


def measured(here, there, comparator=SKEW, schema=SCHEMA) -> dict:
    return {
        each.feature: each
        for each in measure_differences(statistics_of(here), statistics_of(there), schema, comparator)
    }


def test_alike_sets_are_no_distance_apart():
    images = [image(image_height=height) for height in range(300, 320)]
    found = measured(images, images)
    assert set(found) == {
        "image/format", "image/size", "image/channels", "image/height", "image/width", "class/present", "void/fraction",
    }  # fmt: skip
    assert all(each.distance == 0 and not each.too_far for each in found.values())


def test_classes_are_counted_by_image():
    """Class 1 is in every image here and in a quarter of those there; class 5 in half of them here."""
    here = [image(classes=(0, 1, 5)), image(classes=(0, 1))] * 200
    there = [image(classes=(0, 1))] * 100 + [image(classes=(0,))] * 300
    found = measured(here, there)["class/present"]
    assert found.distance == pytest.approx(0.75)
    assert found.room == pytest.approx(1.5 * math.sqrt(2 / 400)) and found.allowed == pytest.approx(0.5 + found.room)
    assert found.too_far and found.values == ("1",)


def test_of_one_value_an_image_the_distance_is_that_of_tfdv():
    here = [image(image_size=b"256 to 512")] * 30 + [image(image_size=b"over 1024")] * 10
    there = [image(image_size=b"256 to 512")] * 10 + [image(image_size=b"up to 256")] * 10
    schema = schema_pb2.Schema(feature=[feature for feature in SCHEMA.feature if feature.name == "image/size"])
    schema.string_domain.extend(SCHEMA.string_domain)
    theirs = tfdv.validate_statistics(statistics_of(here), schema, serving_statistics=statistics_of(there))
    ((skew,),) = (info.skew_measurements for info in theirs.drift_skew_info)
    assert measured(here, there)["image/size"].distance == pytest.approx(skew.value) == pytest.approx(0.5)


def test_sizes_that_have_nothing_in_common():
    here = [image(image_height=300 + index % 50) for index in range(100)]
    there = [image(image_height=1000 + index % 50) for index in range(100)]
    found = measured(here, there)["image/height"]
    assert found.distance == pytest.approx(1.0) and found.too_far
    assert found.room == pytest.approx(3.4 * 2 / 100)


def test_one_odd_image_is_no_other_distribution():
    """To TFDV alone, a set of one height has nothing in common with a set that has another height as well."""
    odd = [image(image_height=375)] + [image(image_height=500)] * 99
    assert measured(odd, [image(image_height=500)] * 100)["image/height"].distance < 0.05
    assert measured([image(image_height=500)] * 100, odd)["image/height"].distance < 0.05
    assert measured([image(image_height=375)] * 100, odd)["image/height"].distance > 0.9


def test_few_images_differ_by_chance():
    here, there = [image(classes=(0, 1))] * 4, [image(classes=(0,))] * 2
    found = measured(here, there)["class/present"]
    assert found.distance == 1.0 and found.allowed == 1.0 and not found.too_far


def test_each_comparator_has_its_own_features():
    schema = schema_pb2.Schema()
    schema.CopyFrom(SCHEMA)
    for feature in schema.feature:
        if feature.name != "image/size":
            feature.ClearField("drift_comparator")
    images = [image()] * 3
    assert set(measured(images, images, DRIFT, schema)) == {"image/size"}


def test_what_one_set_lacks_is_not_measured():
    without = [image(void_fraction=None)] * 3
    assert "void/fraction" not in measured(without, [image()] * 3)
    assert "void/fraction" not in measured([image()] * 3, without)
