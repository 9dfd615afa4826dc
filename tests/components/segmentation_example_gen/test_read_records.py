import gzip

import numpy as np
import pytest

from components.segmentation_example_gen.read_records import BadRecord, Record, read_records
from tests.components.segmentation_example_gen.records import encode, noise, write

RECORDS = [b"a" * 100, b"", b"c" * 50]
ENDS = [0, 116, 132, 198]  # 16 bytes around each
NO_TFRECORD = "or not a TFRecord file"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "train-00"


def read(file) -> tuple[list[bytes], BadRecord | None]:
    """The records, and what ended them."""
    *records, last = [*read_records(str(file)), None]
    bad = None
    if records and isinstance(records[-1], BadRecord):
        bad = records.pop()
    assert last is None
    assert all(isinstance(record, Record) for record in records)
    assert [(record.file, record.position) for record in records] == [(str(file), i) for i in range(len(records))]
    return [record.serialized for record in records], bad


@pytest.mark.parametrize("compression", ["", "GZIP"])
@pytest.mark.parametrize("records", [RECORDS, []], ids=["three", "none"])
def test_plain_and_gzipped_files(file, records, compression):
    write(file, records, compression)
    assert read(file) == (records, None)


def test_gzip_of_several_members(file):
    write(file, RECORDS)
    plain = file.read_bytes()
    file.write_bytes(gzip.compress(plain[:120]) + gzip.compress(plain[120:]))
    assert read(file) == (RECORDS, None)


def test_a_file_of_no_bytes_holds_no_record(file):
    file.touch()
    assert read(file) == ([], None)


# The little-endian length that such a file starts with is gzip's magic number.
@pytest.mark.parametrize("length", [0x8B1F, 0x088B1F])
def test_a_record_length_that_looks_like_gzip(file, length):
    write(file, [bytes(length), b"b"])
    assert file.read_bytes().startswith(b"\x1f\x8b")
    assert read(file) == ([bytes(length), b"b"], None)


@pytest.mark.parametrize("size", range(198))
def test_wherever_a_file_breaks_off_it_is_said(file, size):
    write(file, RECORDS)
    file.write_bytes(file.read_bytes()[:size])
    whole = sum(end <= size for end in ENDS[1:])

    records, bad = read(file)
    assert records == RECORDS[:whole]
    if size in ENDS:
        assert bad is None  # nothing in the format tells
    else:
        assert bad == BadRecord(str(file), whole, "truncated, or not a TFRecord file; write the file anew")


def test_wherever_a_gzipped_file_breaks_off_it_is_said(file):
    write(file, [np.random.default_rng(i).bytes(100) for i in range(5)], "GZIP")
    whole = file.read_bytes()
    for size in {*range(1, 14), *range(14, len(whole), 23), *range(len(whole) - 9, len(whole))}:
        file.write_bytes(whole[:size])
        records, bad = read(file)
        assert bad == BadRecord(str(file), len(records), "truncated, or not a TFRecord file; write the file anew")


@pytest.mark.parametrize("at", [0, 9, 20, 110, 114], ids=["length", "its checksum", "data", "more", "their checksum"])
def test_a_flipped_byte_is_noticed(file, at):
    write(file, [RECORDS[1], *RECORDS])
    content = bytearray(file.read_bytes())
    content[16 + at] ^= 1
    file.write_bytes(content)
    assert read(file) == ([b""], BadRecord(str(file), 1, "corrupted, or not a TFRecord file; write the file anew"))


@pytest.mark.parametrize("position", [-6, -2], ids=["checksum", "length"])
def test_a_gzipped_file_whose_trailer_is_wrong_is_corrupted(file, position):
    write(file, RECORDS, "GZIP")
    content = bytearray(file.read_bytes())
    content[position] ^= 1
    file.write_bytes(content)
    *_, last = read_records(str(file))
    assert isinstance(last, BadRecord)
    assert last.reason == "corrupted, or not a TFRecord file; write the file anew"


@pytest.mark.parametrize(
    "content",
    [b"id,path\n" * 40, b"hi", encode(noise()), gzip.compress(b"id,path\n" * 40), bytes(100)],
    ids=["text", "short text", "png", "gzipped text", "zeros"],
)
def test_a_foreign_file_is_said_to_be_one(file, content):
    file.write_bytes(content)
    records, bad = read(file)
    assert (records, bad.position) == ([], 0)
    assert "not a TFRecord file" in bad.reason


def test_a_folder_and_a_missing_file_cannot_be_read(tmp_path):
    for path, reason in ((tmp_path, "Is a directory"), (tmp_path / "gone", "No such file")):
        records, bad = read(path)
        assert (records, bad.position) == ([], 0)
        assert bad.reason.startswith(f"{bad.kind}: ") and bad.kind == "the file cannot be read"
        assert reason in bad.reason
