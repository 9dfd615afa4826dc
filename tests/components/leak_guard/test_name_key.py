import pytest

from components.leak_guard.name_key import name_key
from components.segmentation_example_gen.check_example import check_example
from components.segmentation_example_gen.read_records import Record
from tests.components.segmentation_example_gen.records import GOOD, LABEL_MAP, example


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2007_000032.jpg", "2007_000032.png"),
        ("2007_000032.JPG", "2007_000032"),
        ("a/b/1.jpeg", "a/b/1.tif"),
        ("v1.2.jpg", "v1.2.png"),
    ],
)
def test_an_image_in_two_formats_is_one(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a/0001.png", "b/0001.png"),
        ("0001.png", "a/0001.png"),
        ("frame.0001", "frame.0002"),
        ("0001_left.png", "0001_right.png"),
        ("a.png", "A.png"),
    ],
)
def test_other_paths_are_other_images(one, other):
    assert name_key(one) != name_key(other)


def test_what_example_gen_calls_a_nameless_record_is_no_name():
    nameless = check_example(
        Record("/data/val-00000-of-00001.tfrecord", 17, example({**GOOD, "image/filename": None})), LABEL_MAP
    )
    assert name_key(nameless.name) is None
    assert name_key("photo#2.png") == "photo#2"
