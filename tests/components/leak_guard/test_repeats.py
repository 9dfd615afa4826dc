from components.leak_guard.finding import Finding, Pair
from components.leak_guard.repeats import repeats

SPLITS = ("train", "eval", "test")


def test_one_image_is_nothing():
    assert list(repeats({"train": (1, ["a"])}, SPLITS, "shared", "repeated")) == []


def test_every_two_splits_and_every_split_with_two():
    images = {"test": (1, ["t"]), "eval": (3, ["e", "f"]), "train": (1, ["a"])}
    assert list(repeats(images, SPLITS, "shared", "repeated")) == [
        Finding("shared", 1, Pair(0, ("train", "a"), ("eval", "e"))),
        Finding("shared", 1, Pair(0, ("train", "a"), ("test", "t"))),
        Finding("shared", 1, Pair(0, ("eval", "e"), ("test", "t"))),
        Finding("repeated", 1, Pair(0, ("eval", "e"), ("eval", "f"))),
    ]
