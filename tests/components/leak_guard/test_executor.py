"""The guard over records as ExampleGen leaves them: planted leaks of each kind, and none."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from tfx import v1 as tfx

from components.leak_guard.component import LeakGuard
from components.leak_guard.leak_findings import LeakFindings
from datasets.shapes import shapes_samples
from schema.user_error import UserError
from tests.components.run_executor import make_artifact, run_executor
from tests.components.segmentation_example_gen.records import encode, example

NOTHING = {"count": 0, "pairs": []}


def photo(seed: int, height: int = 60, width: int = 80) -> Image.Image:
    """Soft blotches of colour; another seed is another picture."""
    small = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


@pytest.fixture
def guard(tmp_path):
    """A function that runs the guard over {split: [(name, encoded image)]} and returns its findings."""

    def guard(*, near: str = "warn", distance: int = 4, **splits: list[tuple[str, bytes]]) -> dict:
        examples = make_artifact(tfx.types.standard_artifacts.Examples, tmp_path / "examples", tuple(splits))
        for split, images in splits.items():
            folder = tmp_path / "examples" / f"Split-{split}"
            folder.mkdir()
            records = [example({"image/filename": name.encode(), "image/encoded": image}) for name, image in images]
            for shard in range(2):
                with tf.io.TFRecordWriter(f"{folder}/data_tfrecord-0000{shard}-of-00002.gz", "GZIP") as writer:
                    for record in records[shard::2]:
                        writer.write(record)
        findings = make_artifact(LeakFindings, tmp_path / "findings")
        component = LeakGuard(tfx.dsl.Channel(tfx.types.standard_artifacts.Examples), near, distance)
        properties = dict(component.exec_properties)
        try:
            run_executor(LeakGuard, tmp_path / "scratch", {"examples": examples}, {"findings": findings}, properties)
        except UserError:
            assert not list((tmp_path / "findings").iterdir())
            raise
        return json.loads((tmp_path / "findings" / "findings.json").read_text())

    return guard


def faults(error: pytest.ExceptionInfo) -> list[str]:
    """The lines between what is wrong and what to do."""
    first, *lines, advice = str(error.value).split("\n")
    assert first == "the same images are in two splits, so the scores would be of images that were trained on:"
    assert advice.startswith("  leave each image in one split and write the TFRecords anew")
    return [line.strip() for line in lines]


def test_clean_data_passes_in_silence(guard, said):
    """Other pictures, of like names in other folders and like shapes."""
    samples = shapes_samples(train=8, val=4)
    found = guard(
        train=[(f"train/{at:04d}.jpg", sample.load()[0]) for at, sample in enumerate(samples["train"])],
        eval=[(f"val/{at:04d}.jpg", sample.load()[0]) for at, sample in enumerate(samples["val"])],
    )
    assert found == {
        "images": {"train": 8, "eval": 4},
        "flat": {"train": 0, "eval": 0},
        "distance": 4,
        "shared_names": NOTHING,
        "shared_pixels": NOTHING,
        "near_duplicates": NOTHING,
        "repeated_names": NOTHING,
        "repeated_pixels": NOTHING,
        "uncompared": 0,
    }
    assert said() == []


def test_the_same_name_in_two_splits_fails_whatever_the_format(guard):
    with pytest.raises(UserError) as error:
        guard(
            train=[("2007_000032.jpg", encode(photo(1))), ("a/0001.png", encode(photo(2)))],
            eval=[("2007_000032.png", encode(photo(3))), ("b/0001.png", encode(photo(4)))],
        )
    assert faults(error) == ["same name in two splits, 1: 2007_000032.jpg (train) and 2007_000032.png (eval)"]
    assert "image/filename" in str(error.value) and "near_duplicates" not in str(error.value)


def test_the_same_pixels_in_two_splits_fail_whatever_the_container(guard):
    """PNGs of other compression, and a JPEG kept as PNG, whose pixels are those of TensorFlow's decoder."""
    jpeg = encode(photo(2), "JPEG")
    unpacked = encode(tf.io.decode_jpeg(jpeg).numpy())
    grey = photo(3).convert("L")
    with pytest.raises(UserError) as error:
        guard(
            train=[
                ("a", encode(photo(1), compress_level=9)),
                ("b", jpeg),
                ("c", encode(grey)),
                ("d", encode(photo(4))),
            ],
            eval=[("x", encode(photo(1), compress_level=0)), ("y", unpacked), ("z", encode(grey.convert("RGB")))],
        )
    (line,) = faults(error)
    assert line.startswith("same pixels in two splits, 3: ")
    for pair in ("a (train) and x (eval)", "b (train) and y (eval)", "c (train) and z (eval)"):
        assert pair in line


def test_the_same_bytes_in_another_size_are_another_image(guard):
    pixels = np.random.default_rng(0).integers(0, 256, (8, 6, 3), np.uint8)
    found = guard(train=[("a", encode(pixels))], eval=[("b", encode(pixels.reshape(6, 8, 3)))])
    assert found["shared_pixels"] == NOTHING


COPIES = {
    "train": [("old.png", encode(photo(1))), ("other.png", encode(photo(2)))],
    "eval": [("new.jpg", encode(photo(1), "JPEG", quality=60)), ("smaller.png", encode(photo(1).resize((56, 42))))],
}


def test_near_duplicates_are_warned_of(guard, said):
    near = guard(**COPIES)["near_duplicates"]
    assert near["count"] == 2
    assert sorted(pair[1:] for pair in near["pairs"]) == [
        [["train", "old.png"], ["eval", "new.jpg"]],
        [["train", "old.png"], ["eval", "smaller.png"]],
    ]
    assert all(0 <= pair[0] <= 4 for pair in near["pairs"])
    (warning,) = said()
    assert re.match(r"nearly alike in two splits, 2: old\.png \(train\) and \w+\.\w+ \(eval\); ", warning)


def test_near_duplicates_fail_where_they_are_to(guard):
    with pytest.raises(UserError, match=r"pass with data\.near_duplicates: warn$") as error:
        guard(near="fail", **COPIES)
    (line,) = faults(error)
    assert line.startswith("nearly alike in two splits, 2: old.png (train)")


def test_near_duplicates_are_not_looked_for_where_they_are_ignored(guard, said):
    found = guard(near="ignore", **COPIES)
    assert (found["near_duplicates"], found["distance"]) == (NOTHING, None)
    assert said() == []


def test_what_one_split_has_twice_is_warned_of(guard, said):
    found = guard(
        train=[(f"{name}.png", encode(photo(seed))) for name, seed in (("a", 1), ("a", 2), ("b", 3), ("c", 3))],
        eval=[(f"{name}.png", encode(photo(seed))) for name, seed in (("d", 4), ("e", 5))],
    )
    assert found["repeated_names"] == {"count": 1, "pairs": [[0, ["train", "a.png"], ["train", "a.png"]]]}
    assert found["repeated_pixels"] == {"count": 1, "pairs": [[0, ["train", "b.png"], ["train", "c.png"]]]}
    assert found["near_duplicates"] == NOTHING
    assert said() == [
        "same name twice in a split, 1: a.png (train) and a.png (train)",
        "same pixels twice in a split, 1: b.png (train) and c.png (train)",
    ]


def test_every_kind_is_told_at_once_with_the_first_pairs_and_their_number(guard):
    """40 shared names, of which a few are shown; the order in which images are read changes nothing."""
    pictures = [encode(photo(seed, 12, 16)) for seed in range(80)]
    names = [f"{at:02d}" for at in range(40)]
    with pytest.raises(UserError) as error:
        guard(
            train=[*zip(names, pictures[:40], strict=True), ("t", encode(photo(100)))],
            eval=[*zip(reversed(names), pictures[40:], strict=True), ("e", encode(photo(100)))],
        )
    assert faults(error) == [
        "same name in two splits, 40: 00 (train) and 00 (eval); 01 (train) and 01 (eval); 02 (train) and 02 (eval); "
        "and 37 more",
        "same pixels in two splits, 1: t (train) and e (eval)",
    ]


def test_images_of_one_colour_are_compared_by_name_alone(guard):
    """Hundreds of empty tiles are hundreds of squared pairs that say nothing."""
    black = encode(np.zeros((4, 4, 3), np.uint8))
    found = guard(train=[(f"t{at}", black) for at in range(300)], eval=[(f"e{at}", black) for at in range(200)])
    assert found["flat"] == {"train": 300, "eval": 200}
    assert found["shared_pixels"] == found["repeated_pixels"] == found["near_duplicates"] == NOTHING


def test_names_that_exist_for_want_of_a_name_are_not_compared(guard):
    """What ExampleGen makes of two nameless records that are the first of files of one name."""
    found = guard(train=[("data.tfrecord#0", encode(photo(1)))], eval=[("data.tfrecord#0", encode(photo(2)))])
    assert found["shared_names"] == NOTHING


def test_many_copies_of_one_picture_cost_no_more_than_few(guard):
    """A still camera: every picture of one split is like every one of the other, and they are counted, not listed."""
    still = np.asarray(photo(1))

    def frames(first: int) -> list[tuple[str, bytes]]:
        taken = []
        for number in range(first, first + 30):
            frame = still.copy()
            frame[0, number, 0] ^= 1  # other pixels
            taken.append((f"{number:03d}", encode(frame)))
        return taken

    near = guard(train=frames(0), eval=frames(40))["near_duplicates"]
    assert near["count"] == 30 * 30 and len(near["pairs"]) <= 20


@pytest.mark.realdata
def test_the_splits_of_camvid_are_clean(guard, real_data, said):
    """Every third frame, of other videos of the same streets."""
    frames = {split: sorted((real_data / "camvid" / split).iterdir())[::3] for split in ("train", "val")}
    images = {split: [(f"{split}/{path.name}", path.read_bytes()) for path in paths] for split, paths in frames.items()}
    found = guard(train=images["train"], eval=images["val"])
    assert found["images"] == {"train": 62, "eval": 17}
    assert said() == []
