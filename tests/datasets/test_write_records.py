import io
import os
import signal
from functools import partial

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from datasets.sample import Sample
from datasets.write_records import write_records
from schema.label_map import LabelMap
from schema.user_error import UserError

LABEL_MAP = LabelMap(names=("a", "b"), colors=((0, 0, 0), (9, 9, 9)), ids=(1, 2), void_id=0)


def load(value: int, size: int = 8) -> tuple[bytes, np.ndarray]:
    png = io.BytesIO()
    Image.fromarray(np.full((8, 8, 3), 200, np.uint8)).save(png, "PNG")
    return png.getvalue(), np.full((size, size), value, np.uint8)


def interrupt() -> tuple[bytes, np.ndarray]:
    os.kill(os.getpid(), signal.SIGINT)
    return load(0)


def crash() -> tuple[bytes, np.ndarray]:
    raise ZeroDivisionError


def samples(number: int, prefix: str = "x") -> list[Sample]:
    return [Sample(f"{prefix}{index}.png", "test", partial(load, index % 2)) for index in range(number)]


def listing(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def names(path) -> list[str]:
    raws = tf.data.TFRecordDataset(str(path)).as_numpy_iterator()
    return [
        tf.train.Example.FromString(raw).features.feature["image/filename"].bytes_list.value[0].decode() for raw in raws
    ]


def test_shards_hold_every_sample_once(tmp_path):
    out = tmp_path / "new" / "out"
    summary = write_records({"train": samples(7), "val": samples(1, "y")}, LABEL_MAP, out, shards=3)

    assert listing(out) == [
        "label_map.yaml",
        "train-00000-of-00003.tfrecord",
        "train-00001-of-00003.tfrecord",
        "train-00002-of-00003.tfrecord",
        "val-00000-of-00001.tfrecord",
    ]
    shards = [names(out / f"train-0000{index}-of-00003.tfrecord") for index in range(3)]
    assert sorted(name for shard in shards for name in shard) == [f"x{index}.png" for index in range(7)]
    assert {len(shard) for shard in shards} == {2, 3}
    assert names(out / "val-00000-of-00001.tfrecord") == ["y0.png"]
    assert "train 7 images in 3 shards, val 1 image in 1 shard" in summary
    assert listing(out.parent) == ["out"]


def test_the_saved_label_map_describes_the_records_not_the_dataset(tmp_path):
    write_records({"train": samples(2)}, LABEL_MAP, tmp_path / "out")
    saved = LabelMap.load(tmp_path / "out/label_map.yaml")
    assert (saved.names, saved.colors) == (LABEL_MAP.names, LABEL_MAP.colors)
    assert (saved.ids, saved.void_id) == ((0, 1), 255)


def test_two_runs_write_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_records({"train": samples(4)}, LABEL_MAP, tmp_path / name, shards=2)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_unusable_images_give_one_error_and_leave_nothing(tmp_path):
    bad = [Sample(f"bad{index}.png", "test", partial(load, 2)) for index in range(5)]
    bad += [Sample("small.png", "test", partial(load, 0, size=4))]
    with pytest.raises(UserError) as error:
        write_records({"train": samples(3), "val": bad}, LABEL_MAP, tmp_path / "out", shards=1)
    head, *lines = str(error.value).splitlines()
    assert head == "6 of 9 images cannot be used, nothing was written:"
    assert len(lines) == 6
    assert lines[0] == "  bad0.png: mask ids outside the label map: 2; expected 0..1 or 255 (void)"
    assert lines[-1] == "  and 1 more"
    assert listing(tmp_path) == []


@pytest.fixture
def interruptible():
    """A shell that starts tests in the background has them ignore interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(("load_", "error"), [(interrupt, KeyboardInterrupt), (crash, Exception)])
def test_whatever_ends_a_run_early_leaves_what_was_there(tmp_path, load_, error, interruptible):
    write_records({"train": samples(1)}, LABEL_MAP, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with pytest.raises(error):
        write_records({"train": [*samples(3), Sample("z", "t", load_)]}, LABEL_MAP, tmp_path / "out", overwrite=True)
    assert listing(tmp_path) == ["out"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_an_existing_folder_is_replaced_only_when_asked_and_then_as_a_whole(tmp_path):
    out = tmp_path / "out"
    write_records({"train": samples(4), "val": samples(1, "y")}, LABEL_MAP, out, shards=4)
    with pytest.raises(UserError, match=r"out is not empty; .*--overwrite"):
        write_records({"train": samples(2)}, LABEL_MAP, out)
    write_records({"train": samples(2)}, LABEL_MAP, out, overwrite=True)
    assert listing(out) == ["label_map.yaml", "train-00000-of-00001.tfrecord"]
    assert listing(tmp_path) == ["out"]


def test_overwrite_never_deletes_what_it_did_not_write(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(UserError, match=r"holds other things than records, e\.g\. thesis\.tex"):
        write_records({"train": samples(1)}, LABEL_MAP, tmp_path, overwrite=True)
    assert listing(tmp_path) == ["thesis.tex"]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    write_records({"train": samples(1)}, LABEL_MAP, tmp_path / "out")
    assert listing(tmp_path / "out") == ["label_map.yaml", "train-00000-of-00001.tfrecord"]


@pytest.mark.parametrize(
    ("splits", "options", "message"),
    [
        ({"train": samples(1), "val": []}, {}, "split 'val' has no images"),
        ({"train": samples(1)}, {"shards": 0}, "shards must be at least 1, got 0"),
        ({"train": samples(2), "val": samples(1)}, {}, r"1 image would be in both train and val, e\.g\. x0\.png"),
        ({"train": samples(1)}, {"beam_args": ["--runner=None_Such"]}, "Beam does not take .*None_Such"),
        (
            {"train": samples(1)},
            {"beam_args": ["--direct_num_workers=x"]},
            "Beam does not take .*num_workers: invalid int",
        ),
    ],
)
def test_impossible_requests_are_refused(tmp_path, splits, options, message):
    with pytest.raises(UserError, match=message):
        write_records(splits, LABEL_MAP, tmp_path / "out", **options)
    assert listing(tmp_path) == []


def test_a_file_or_a_place_out_of_reach_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file is a file, expected a folder"):
        write_records({"train": samples(1)}, LABEL_MAP, tmp_path / "file")
    with pytest.raises(UserError, match=r"file.* in the way|file.*cannot create"):
        write_records({"train": samples(1)}, LABEL_MAP, tmp_path / "file" / "out")
