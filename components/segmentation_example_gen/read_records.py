"""Reads a TFRecord file record by record, so that a broken one can be named."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import tensorflow as tf

_FRAME = 16  # bytes around each record: its length and two checksums
_BROKEN = "{}, or not a TFRecord file; write the file anew"


class Record(NamedTuple):
    """A record and where it came from."""

    file: str
    position: int  # from 0
    serialized: bytes

    @property
    def place(self) -> str:
        """What a record is called that has no name."""
        return f"{self.file.rsplit('/', 1)[-1]}#{self.position}"


class BadRecord(NamedTuple):
    """Where a record lies that cannot be used, and why."""

    file: str
    position: int
    reason: str  # one line
    kind: str = ""  # of fault, where `reason` says more than other records with this fault have in common
    name: str = ""  # the image's, where it could be had


def read_records(file: str) -> Iterator[Record | BadRecord]:
    """Yields the records of a plain or gzipped TFRecord file, one in memory at a time.

    A file that is no TFRecord, or breaks off, ends with a `BadRecord`: nothing behind the break can be trusted.
    """
    position = size = 0
    try:
        is_gzip = _is_gzip(file)
        compression = tf.compat.v1.io.TFRecordCompressionType
        options = tf.io.TFRecordOptions(compression.GZIP if is_gzip else compression.NONE)
        # `tf.data` hands every record from thread to thread, which takes longer than to decode its mask.
        for serialized in tf.compat.v1.io.tf_record_iterator(file, options):
            yield Record(file, position, serialized)
            position += 1
            size += len(serialized) + _FRAME
        # TensorFlow takes up to 11 bytes after the last record, and a gzip stream that breaks off, for the end.
        if size != _size(file, is_gzip):
            yield BadRecord(file, position, _BROKEN.format("truncated"))
    except (tf.errors.DataLossError, tf.errors.OutOfRangeError) as error:
        yield BadRecord(file, position, _BROKEN.format("truncated" if "truncated" in error.message else "corrupted"))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield BadRecord(file, position, _BROKEN.format("truncated" if isinstance(error, EOFError) else "corrupted"))
    except tf.errors.OpError as error:
        kind = "the file cannot be read"
        yield BadRecord(file, position, f"{kind}: {error.message}", kind)


def _is_gzip(file: str) -> bool:
    with tf.io.gfile.GFile(file, "rb") as opened:
        head = opened.read(9)
    # The record length that a plain file starts with can look like gzip's magic; its checksum, byte 8, sets it apart.
    return head[:3] == b"\x1f\x8b\x08" and head[8:] in (b"", b"\0", b"\2", b"\4")


def _size(file: str, is_gzip: bool) -> int:
    """Bytes, decompressed."""
    with tf.io.gfile.GFile(file, "rb") as opened:
        if not is_gzip:
            return opened.size()
        with gzip.GzipFile(fileobj=opened, mode="rb") as decompressed:
            return sum(len(block) for block in iter(lambda: decompressed.read(2**20), b""))
