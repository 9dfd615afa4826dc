"""Images of TFRecords: their names, and what is wrong with some; those of files are tested with `predict`."""

import gzip
from pathlib import Path

import pytest
import tensorflow as tf

from pipeline.prediction.find_images import ImageFile, RecordFile
from pipeline.prediction.read_images import read_images
from tests.components.report.fake_model import encode

IMAGE = encode([[0, 150, 250]])


def _record(*images: bytes, name: bytes | None = None) -> bytes:
    features = {"image/encoded": images, "image/filename": [] if name is None else [name]}
    return tf.train.Example(
        features=tf.train.Features(
            feature={
                key: tf.train.Feature(bytes_list=tf.train.BytesList(value=values)) for key, values in features.items()
            }
        )
    ).SerializeToString()


def _write(path: Path, records: list[bytes], compression: str = "") -> RecordFile:
    with tf.io.TFRecordWriter(str(path), compression) as writer:
        for record in records:
            writer.write(record)
    return RecordFile(path)


@pytest.mark.parametrize("compression", ["", "GZIP"])
def test_they_are_named_after_their_files_or_else_after_their_places(tmp_path, compression):
    names = [b"dir/cat.jpg", None, b"CAT.png", b"", b"../../etc/pass wd.jpg", b"dog.jpg"]
    records = _write(tmp_path / "val.tfrecord-0", [_record(IMAGE, name=name) for name in names], compression)
    (tmp_path / "dog.png").write_bytes(IMAGE)
    images = list(read_images([records, ImageFile(tmp_path / "dog.png", "dog")], Path()))
    assert [image.fault for image in images] == [None] * 7
    assert [image.name for image in images] == [
        "cat",
        "val-000001",
        "val-000002",
        "val-000003",
        "pass_wd",
        "val-000005",
        "dog",
    ]
    assert {image.encoded for image in images} == {IMAGE}
    assert images[0].pixels.tolist() == [[[0] * 3, [150] * 3, [250] * 3]]
    assert images[4].place == f"{tmp_path}/val.tfrecord-0#4"


def test_a_bad_record_is_told_and_passed_over(tmp_path):
    good = _record(IMAGE, name=b"a.png")
    records = [b"\xff\xff", _record(), _record(IMAGE, IMAGE), _record(b"GIF89a"), _record(IMAGE[:45]), good]
    images = list(read_images([_write(tmp_path / "val.tfrecord", records)], Path()))
    assert [image.place.rsplit("#")[-1] for image in images] == list("012345")
    *faults, last = [image.fault for image in images]
    assert faults[:4] == [
        "expected a tf.Example",
        "expected one image in image/encoded, found none",
        "expected one image in image/encoded, found 2",
        "expected a JPEG or PNG image",
    ]
    assert faults[4].startswith("expected a whole JPEG or PNG image: ")
    assert last is None


def test_a_file_that_breaks_off_gives_what_it_has_and_the_next_its_own(tmp_path):
    broken = _write(tmp_path / "a.tfrecord.gz", [_record(IMAGE)] * 2, "GZIP").path
    broken.write_bytes(gzip.compress(gzip.decompress(broken.read_bytes())[:-20]))
    whole = _write(tmp_path / "b.tfrecord", [_record(IMAGE)])
    images = list(read_images([RecordFile(broken), RecordFile(tmp_path / "missing.tfrecord"), whole], Path()))
    assert [image.place.rsplit("/")[-1] for image in images] == [
        "a.tfrecord.gz#0",
        "a.tfrecord.gz#1",
        "missing.tfrecord#0",
        "b.tfrecord#0",
    ]
    faults = [image.fault for image in images]
    assert faults[0] is None and faults[3] is None
    assert faults[1].startswith("truncated, or not a TFRecord file") and "cannot be read" in faults[2]
