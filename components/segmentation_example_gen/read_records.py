"""Reads a TFRecord file record by record, so that a broken one can be named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import tensorflow as tf

_GZIP_MAGIC = b"\x1f\x8b"


class Record(NamedTuple):
    """A record and where it came from."""

    file: str
    position: int  # from 0
    serialized: bytes


class BadRecord(NamedTuple):
    """Where a record lies that cannot be used, and why."""

    file: str
    position: int
    reason: str


def read_records(file: str) -> Iterator[Record | BadRecord]:
    """Yields the records of a plain or gzipped TFRecord file, one in memory at a time.

    A file that is no TFRecord, or breaks off, ends with a `BadRecord`: nothing behind the break can be trusted.
    """
    with tf.io.gfile.GFile(file, "rb") as opened:
        compression = "GZIP" if opened.read(2) == _GZIP_MAGIC else ""
    position = 0
    try:
        for serialized in tf.data.TFRecordDataset(file, compression_type=compression).as_numpy_iterator():
            yield Record(file, position, serialized)
            position += 1
    except (tf.errors.DataLossError, tf.errors.OutOfRangeError) as error:
        what = "truncated" if "truncated" in error.message else "corrupted"
        yield BadRecord(file, position, f"{what}, or not a TFRecord file; write the file anew")
