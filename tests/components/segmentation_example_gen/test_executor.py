import gzip
import json

import numpy as np
import pytest
import tensorflow as tf
from tfx import v1 as tfx
from tfx.components.example_gen.base_example_gen_executor import _PartitionFn
from tfx.proto import example_gen_pb2

from components.segmentation_example_gen.component import SegmentationExampleGen
from components.segmentation_example_gen.read_summary import read_summary
from schema.user_error import UserError
from tests.components.run_executor import make_artifact, run_executor
from tests.components.segmentation_example_gen.kinds_of_records import ACCEPTED, MASK_KEY, REFUSED, text_of
from tests.components.segmentation_example_gen.records import (
    GOOD,
    LABEL_MAP,
    MASK,
    encode,
    encode_palette,
    example,
    noise,
    tfrecord,
    values_of,
    write,
)

TRUNCATED = "truncated, or not a TFRecord file; write the file anew"
CORRUPTED = "corrupted, or not a TFRecord file; write the file anew"


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def ingest(data, tmp_path):
    """A function that runs ExampleGen over `data` and returns {split: [features of a record]}."""

    def ingest(splits: dict | str | None = None, **settings) -> dict:
        component = SegmentationExampleGen(
            str(data), splits or {"train": "train-*", "eval": "val-*"}, LABEL_MAP.to_dict(), **settings
        )
        examples = make_artifact(tfx.types.standard_artifacts.Examples, tmp_path / "examples")
        run_executor(
            SegmentationExampleGen, tmp_path / "scratch", {}, {"examples": examples}, dict(component.exec_properties)
        )
        assert examples.split_names == '["train", "eval"]'
        assert examples.get_string_custom_property("payload_format") == "FORMAT_TF_EXAMPLE"
        assert examples.get_string_custom_property("file_format") == "tfrecords_gzip"
        return {split: read(tmp_path / "examples" / f"Split-{split}") for split in ("train", "eval")}

    return ingest


def read(folder) -> list[dict]:
    files = [str(path) for path in sorted(folder.iterdir())]
    assert files
    dataset = tf.data.TFRecordDataset(files, compression_type="GZIP")
    return [values_of(tf.train.Example.FromString(serialized)) for serialized in dataset.as_numpy_iterator()]


def names(records: list[dict]) -> list[bytes]:
    return [record["image/filename"][0] for record in records]


def named(name: str, **changes) -> bytes:
    return example({**GOOD, "image/filename": name.encode(), **changes})


def contents(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_splits_are_written_whole_and_in_order(data, ingest, tmp_path):
    write(data / "train-0", [named("b"), named("a")])
    write(data / "train-1", [named("c", **{MASK_KEY: encode_palette(MASK, [(9, 8, 7)] * 256)})], "GZIP")
    write(data / "train-2", [])  # a shard may be empty, a split may not
    (data / "train-3").touch()
    write(data / "val-0", [named("d")])

    splits = ingest()
    assert {split: names(records) for split, records in splits.items()} == {"train": [b"b", b"a", b"c"], "eval": [b"d"]}
    for record in [*splits["train"], *splits["eval"]]:
        np.testing.assert_array_equal(tf.io.decode_png(record[MASK_KEY][0], channels=1)[..., 0], MASK)
        assert (record["class/present"], record["void/fraction"]) == ([0, 2], [0.125])

    written = contents(tmp_path / "examples")
    assert sorted(written) == [
        "Split-eval/data_tfrecord-00000-of-00001.gz",
        "Split-train/data_tfrecord-00000-of-00004.gz",
        "Split-train/data_tfrecord-00001-of-00004.gz",
        "summary.json",
    ]
    (tmp_path / "examples" / "Split-train" / "left-by-a-broken-attempt").touch()
    ingest()
    assert contents(tmp_path / "examples") == written


def test_bad_records_are_set_aside_whole_and_counted(data, ingest, tmp_path, said):
    """Every kind of record, in one split, by turns; and every kind of broken file."""
    refused = {kind: r if isinstance(r, bytes) else example(r) for kind, (r, *_) in REFUSED.items()}
    accepted = {kind: example(r) for kind, (r, *_) in ACCEPTED.items()}
    write(data / "train-0", [*accepted.values(), *refused.values()])
    write(data / "train-1", [named("good"), named("lost")])
    (data / "train-1").write_bytes((data / "train-1").read_bytes()[:-30])
    write(data / "train-2", [named("good"), named("lost")])
    spoilt = bytearray((data / "train-2").read_bytes())
    spoilt[-3] ^= 1  # in the last checksum
    (data / "train-2").write_bytes(spoilt)
    (data / "train-3.gz").write_bytes(tfrecord(named("plain, named gzip")))
    write(data / "train-4", [named("gzip, named plain")], "GZIP")
    (data / "train-5").touch()
    (data / "train-6").write_bytes(gzip.compress(b"id,path\n" * 40))
    (data / "train-7").write_bytes(encode(noise()))
    write(data / "train-8", [named("good"), named("good")])  # of one name
    write(data / "val-0", [named("good")])

    splits = ingest(max_bad_fraction=0.6)
    good = [b"good", b"good", b"plain, named gzip", b"gzip, named plain", b"good", b"good"]
    assert names(splits["train"])[len(accepted) :] == good
    assert len(splits["train"]) == len(accepted) + len(good)

    broken = [
        ("train-1", 1, TRUNCATED),
        ("train-2", 1, CORRUPTED),
        ("train-6", 0, CORRUPTED),
        ("train-7", 0, CORRUPTED),
    ]
    train = read_summary(str(tmp_path / "examples"))["splits"]["train"]
    assert (train["good"], train["bad"]) == (len(splits["train"]), len(refused) + len(broken))
    kinds = [*(kind for _, kind, _ in REFUSED.values()), *(kind for _, _, kind in broken)]
    assert train["reasons"] == {kind: kinds.count(kind) for kind in kinds}
    assert [bad[:2] for bad in train["examples"]] == [["train-0", len(accepted) + i] for i in range(10)]
    notes = [*(note for *_, noted in ACCEPTED.values() for note in noted)]
    assert train["notes"] == {note: notes.count(note) for note in notes}

    set_aside = read(tmp_path / "examples" / "quarantine")
    assert [bad["record"] for bad in set_aside[: len(refused)]] == [[raw] for raw in refused.values()]
    for at, (bad, (_, kind, more)) in enumerate(zip(set_aside, REFUSED.values(), strict=False)):
        assert (bad["file"], bad["position"]) == ([b"train-0"], [len(accepted) + at])
        assert text_of(kind, more) in bad["reason"][0].decode()
    assert set_aside[len(refused) :] == [
        {"file": [file.encode()], "position": [position], "reason": [reason.encode()]}
        for file, position, reason in broken
    ]
    assert [path.name for path in (tmp_path / "examples" / "quarantine").iterdir()] == ["train.tfrecord.gz"]
    (line,) = said()
    assert line.startswith(f"{train['bad']} of {train['bad'] + train['good']} records of split train set aside: 1 × ")


def test_the_summary_says_where_features_come_from(data, ingest, tmp_path):
    write(
        data / "train-0",
        [
            named("small"),
            named(
                "large",
                **{"image/encoded": encode(noise(300, 300)), MASK_KEY: encode(np.full((300, 300), 1, np.uint8))},
            ),
            named("third", **{"image/source": b"voc"}),
        ],
    )
    write(data / "train-1", [named("fourth"), named("fifth")])
    write(data / "val-0", [named("e")])
    ingest()
    summary = read_summary(str(tmp_path / "examples"))
    assert list(summary["splits"]) == ["eval", "train"]
    assert summary["splits"]["train"] == {
        "good": 5,
        "bad": 0,
        "reasons": {},
        "examples": [],
        "notes": {},
        "features": {
            "image/height": {"min": [2, "small"], "max": [300, "large"]},
            "image/width": {"min": [4, "small"], "max": [300, "large"]},
            "void/fraction": {"min": [0.0, "large"], "max": [0.125, "small"]},
            "image/size": {"up to 256": [4, ["small", "third", "fourth"]], "256 to 512": [1, ["large"]]},
            "image/format": {"jpeg": [4, ["small", "third", "fourth"]], "png": [1, ["large"]]},
            "image/source": {"unknown": [4, ["small", "large", "fourth"]], "voc": [1, ["third"]]},
            "image/channels": {"3": [5, ["small", "large", "third"]]},
            "mask/palette": {"0": [5, ["small", "large", "third"]]},
            "class/present": {
                "0": [4, ["small", "third", "fourth"]],
                "1": [1, ["large"]],
                "2": [4, ["small", "third", "fourth"]],
            },
        },
    }


def test_every_bad_record_has_a_line_and_nothing_is_left(data, ingest, tmp_path):
    write(data / "train-0", [named("good"), b"not an example", named("two\nlines", **{MASK_KEY: encode(MASK[:1])})])
    write(data / "train-1", [named("f", **{MASK_KEY: encode(MASK + 1)}), named("good")], "GZIP")
    (data / "train-2").mkdir()
    write(data / "val-0", [named("good")])
    with pytest.raises(UserError) as error:
        ingest()
    assert str(error.value).split("\n") == [
        "4 of 6 records of split train are bad, data.max_bad_fraction allows 0 of them:",
        f"  {data}/train-0, record 1: train-0#1: not a tf.Example, or one without features",
        f"  {data}/train-0, record 2: two lines: the mask is 4x1 pixels (width x height), expected 4x2 as the image",
        f"  {data}/train-1, record 0: f: mask ids outside the label map: 3; expected 0..2 or 255 (void)",
        f"  {data}/train-2, record 0: the file cannot be read: {data}/train-2; Is a directory",
        "mend these records or take them out; to have a run set bad records aside and go on, give "
        "data.max_bad_fraction the share that may be bad (here 0.67)",
    ]
    assert not list((tmp_path / "examples").iterdir())


def test_texts_of_a_file_may_be_long(data, ingest, tmp_path):
    name = "n" * 100_000
    write(data / "train-0", [named(name), named(name, **{MASK_KEY: b"no"})])
    write(data / "val-0", [named("good")])
    assert names(ingest(max_bad_fraction=0.5)["train"]) == [name.encode()]
    assert (tmp_path / "examples" / "summary.json").stat().st_size < 20_000


def test_an_empty_split_is_refused(data, ingest):
    write(data / "train-0", [named("good")])
    write(data / "val-0", [])
    (data / "val-1").touch()
    with pytest.raises(
        UserError, match=rf"^split eval is empty: its files in {data} hold no record; write them again$"
    ):
        ingest()


def test_a_pattern_without_files_is_refused(data, ingest):
    write(data / "train-0", [named("good")])
    with pytest.raises(UserError, match=rf"^{data}: no file matches val-\*$"):
        ingest()


def test_a_missing_folder_is_refused(data, ingest):
    data.rmdir()
    with pytest.raises(UserError, match=rf"^{data}: no file matches train-\*$"):
        ingest()


def test_one_set_of_files_is_split_by_the_names(data, ingest, tmp_path):
    """As TFX's own ExampleGens would, and each image for good."""
    config = example_gen_pb2.SplitConfig(partition_feature_name="image/filename")
    by_tfx: dict[int, list[bytes]] = {0: [], 1: []}
    for name in (f"{i}.jpg" for i in range(60)):
        record = tf.train.Example.FromString(named(name))
        by_tfx[_PartitionFn(record, 2, [7_500, 10_000], config)].append(name.encode())
    assert 5 < len(by_tfx[1]) < 25

    write(data / "a-0", [named(f"{i}.jpg") for i in range(30)])
    write(data / "a-1", [named(f"{i}.jpg") for i in range(30, 60)] + [named("bad", **{MASK_KEY: b"no"})])
    splits = ingest("a-*", eval_fraction=0.25, max_bad_fraction=0.1)
    assert [names(splits["train"]), names(splits["eval"])] == [by_tfx[0], by_tfx[1]]
    summary = read_summary(str(tmp_path / "examples"))["splits"]
    assert [summary[split]["good"] for split in ("train", "eval")] == [len(by_tfx[0]), len(by_tfx[1])]
    assert summary["train"]["bad"] + summary["eval"]["bad"] == 1

    (data / "a-1").unlink()
    write(data / "a-00", [named(f"{i}.jpg") for i in range(100, 130)])
    fewer = ingest("a-*", eval_fraction=0.25)
    assert set(names(fewer["eval"])) & set(by_tfx[0]) == set() == set(names(fewer["train"])) & set(by_tfx[1])


def test_patterns_may_name_folders(data, ingest, tmp_path):
    for folder in ("train", "val"):
        (data / folder).mkdir()
        write(data / folder / "0", [named(folder), b"bad"])
    splits = ingest({"train": "train/*", "eval": "val/*"}, max_bad_fraction=0.5)
    assert [names(records) for records in splits.values()] == [[b"train"], [b"val"]]
    summary = json.loads((tmp_path / "examples" / "summary.json").read_text())
    assert summary["splits"]["eval"]["examples"] == [["val/0", 1, "0#1: not a tf.Example, or one without features"]]
