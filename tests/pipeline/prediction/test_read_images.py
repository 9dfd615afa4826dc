"""Images of TFRecords: their names, and what is wrong with some; those of files are tested with `predict`."""

import gzip
from pathlib import Path

import pytest

from pipeline.prediction.find_images import ImageFile, RecordFile
from pipeline.prediction.read_images import read_images
from tests.components.report.fake_model import encode
from tests.pipeline.prediction.records import record, write_records

IMAGE = encode([[0, 150, 250]])


@pytest.mark.parametrize("compression", ["", "GZIP"])
def test_they_are_named_after_their_files_or_else_after_their_places(tmp_path, compression):
    names = [b"dir/cat.jpg", None, b"CAT.png", b"", b"../../etc/pass wd.jpg", b"dog.jpg"]
    file = write_records(tmp_path / "val.tfrecord-0", [record(IMAGE, name=name) for name in names], compression)
    (tmp_path / "dog.png").write_bytes(IMAGE)
    images = list(read_images([file, ImageFile(tmp_path / "dog.png", "dog")], Path()))
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
    good = record(IMAGE, name=b"a.png")
    records = [b"\xff\xff", record(), record(IMAGE, IMAGE), record(b"GIF89a"), record(IMAGE[:45]), good]
    images = list(read_images([write_records(tmp_path / "val.tfrecord", records)], Path()))
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
    broken = write_records(tmp_path / "a.tfrecord.gz", [record(IMAGE)] * 2, "GZIP").path
    broken.write_bytes(gzip.compress(gzip.decompress(broken.read_bytes())[:-20]))
    whole = write_records(tmp_path / "b.tfrecord", [record(IMAGE)])
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
