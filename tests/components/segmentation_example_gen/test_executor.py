import re

import numpy as np
import pytest
import tensorflow as tf
from tfx import v1 as tfx

from components.segmentation_example_gen.component import SegmentationExampleGen
from schema.user_error import UserError
from tests.components.run_executor import make_artifact, run_executor
from tests.components.segmentation_example_gen.records import (
    GOOD,
    LABEL_MAP,
    MASK,
    encode,
    encode_palette,
    example,
    noise,
    values_of,
    write,
)

MASK_KEY = "image/segmentation/class/encoded"


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def ingest(data, tmp_path):
    """A function that runs ExampleGen over `data` and returns {split: [features of a record]}."""

    def ingest(train: str = "train-*", evaluation: str = "val-*") -> dict:
        component = SegmentationExampleGen(str(data), {"train": train, "eval": evaluation}, LABEL_MAP.to_dict())
        examples = make_artifact(tfx.types.standard_artifacts.Examples, tmp_path / "examples")
        run_executor(
            SegmentationExampleGen, tmp_path / "scratch", {}, {"examples": examples}, dict(component.exec_properties)
        )
        assert examples.split_names == '["train", "eval"]'
        return {split: read(tmp_path / "examples" / f"Split-{split}") for split in ("train", "eval")}

    return ingest


def read(folder) -> list[dict]:
    files = [str(path) for path in sorted(folder.glob("*.gz"))]
    assert files
    dataset = tf.data.TFRecordDataset(files, compression_type="GZIP")
    return [values_of(tf.train.Example.FromString(serialized)) for serialized in dataset.as_numpy_iterator()]


def named(name: str, **changes) -> bytes:
    return example({**GOOD, "image/filename": name.encode(), **changes})


def test_splits_are_written_whole(data, ingest):
    write(data / "train-0", [named("a"), named("b")])
    write(data / "train-1", [named("c", **{MASK_KEY: encode_palette(MASK, [(9, 8, 7)] * 256)})], "GZIP")
    write(data / "train-2", [])  # a shard may be empty, a split may not
    (data / "train-3").touch()
    write(data / "val-0", [named("d")])

    splits = ingest()
    names = {split: sorted(record["image/filename"][0] for record in records) for split, records in splits.items()}
    assert names == {"train": [b"a", b"b", b"c"], "eval": [b"d"]}
    for record in [*splits["train"], *splits["eval"]]:
        np.testing.assert_array_equal(tf.io.decode_png(record[MASK_KEY][0], channels=1)[..., 0], MASK)
        assert (record["class/present"], record["void/fraction"]) == ([0, 2], [0.125])


def test_every_bad_record_has_a_line(data, ingest):
    """One of each kind, over several files, behind good ones."""
    image = encode(noise(60, 80), "JPEG")
    write(
        data / "train-0",
        [
            named("good"),
            b"not an example",
            example({"image/filename": b"a"}),
            named("b", **{"image/encoded": b""}),
            named("c", **{"image/encoded": 5}),
            named("d", **{MASK_KEY: encode(MASK.T)}),
            named("two\nlines", **{MASK_KEY: encode(MASK[:1])}),
        ],
    )
    write(
        data / "train-1",
        [
            named("f", **{MASK_KEY: encode(MASK + 1)}),
            named("good"),
            named("g", **{"image/encoded": image[: len(image) // 2]}),
            named("h", **{"image/encoded": encode(noise(), "GIF")}),
        ],
        "GZIP",
    )
    write(data / "val-0", [named("good")])

    with pytest.raises(UserError) as error:
        ingest()
    first, *lines = str(error.value).split("\n")
    assert first == "9 of 11 records of split train are bad:"
    reasons = [
        ("train-0", 1, "not a tf.Example"),
        ("train-0", 2, "no feature image/encoded; found image/filename"),
        ("train-0", 3, "image/encoded: expected an encoded image, got empty bytes"),
        ("train-0", 4, "image/encoded: expected a bytes_list, got int64_list"),
        ("train-0", 5, "d: the mask is 2x4 pixels (width x height), expected 4x2 as the image"),
        ("train-0", 6, "two lines: the mask is 4x1 pixels (width x height), expected 4x2 as the image"),
        ("train-1", 0, f"{MASK_KEY}: mask ids outside the label map: 3; expected 0..2 or 255 (void)"),
        ("train-1", 2, "g: the image is truncated or corrupt, expected a whole JPEG"),
        ("train-1", 3, "h: expected a JPEG or PNG image, got a file that starts with b'GIF8"),
    ]
    assert len(lines) == len(reasons)
    for line, (file, position, reason) in zip(lines, reasons, strict=True):
        assert line.startswith(f"  {data}/{file}, record {position}: {reason}")


def test_the_first_ten_bad_records_are_shown(data, ingest):
    write(data / "train-0", [named("bad", **{"image/encoded": b"no"})] * 12)
    write(data / "val-0", [named("good")])
    with pytest.raises(UserError) as error:
        ingest()
    first, *lines, last = str(error.value).split("\n")
    assert (first, last) == ("12 of 12 records of split train are bad:", "  and 2 more")
    assert [re.search(r"train-0, record (\d+): ", line).group(1) for line in lines] == [str(i) for i in range(10)]


def test_a_broken_and_a_foreign_file_are_named(data, ingest):
    write(data / "train-0", [named("good")])
    write(data / "val-0", [named("good"), named("lost")])
    (data / "val-0").write_bytes((data / "val-0").read_bytes()[:-30])
    (data / "val-1").write_text("id,path\n" * 40)
    (data / "val-2").write_bytes(encode(noise()))
    (data / "val-3").mkdir()
    with pytest.raises(UserError) as error:
        ingest()
    assert str(error.value).split("\n") == [
        "4 of 5 records of split eval are bad:",
        f"  {data}/val-0, record 1: truncated, or not a TFRecord file; write the file anew",
        f"  {data}/val-1, record 0: corrupted, or not a TFRecord file; write the file anew",
        f"  {data}/val-2, record 0: corrupted, or not a TFRecord file; write the file anew",
        f"  {data}/val-3, record 0: cannot be read: {data}/val-3; Is a directory",
    ]


@pytest.mark.parametrize("empty", ["no record", "no byte"])
def test_an_empty_split_is_refused(data, ingest, empty):
    write(data / "train-0", [named("good")])
    if empty == "no record":
        write(data / "val-0", [])
    (data / "val-1").touch()
    with pytest.raises(UserError, match=r"^split eval is empty: the files that match val-\* hold no record$"):
        ingest()


def test_a_pattern_without_files_is_refused(data, ingest):
    write(data / "train-0", [named("good")])
    with pytest.raises(UserError, match=rf"^{data}: no file matches val-\*$"):
        ingest()


def test_a_missing_folder_is_refused(data, ingest):
    data.rmdir()
    with pytest.raises(UserError, match=rf"^{data}: no file matches train-\*$"):
        ingest()


def test_patterns_may_be_long(data, ingest):
    """They name the file that a split's tally is kept in."""
    write(data / "train-0", [named("good")])
    assert len(ingest(train="train-[" + "0123456789" * 30 + "]", evaluation="train-*")["train"]) == 1
