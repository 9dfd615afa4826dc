"""Writes a file of records."""

from __future__ import annotations

import uuid

import tensorflow as tf

# Images and masks are compressed already: to compress them again takes longer than to decode them, and saves nothing.
_STORED = tf.io.TFRecordOptions(compression_type="GZIP", compression_level=0)


class ShardWriter:
    """A gzipped TFRecord file that appears whole, when the block is left, and only if there is a record in it.

    Args:
        path: of the file; one that is there is replaced.
        scratch: a folder on the same file system, for the unfinished file.
    """

    def __init__(self, path: str, scratch: str) -> None:
        self._path = path
        self._unfinished = f"{scratch}/{uuid.uuid4().hex}"
        self._writer: tf.io.TFRecordWriter | None = None

    def write(self, serialized: bytes) -> None:
        """Adds a record."""
        if self._writer is None:
            self._writer = tf.io.TFRecordWriter(self._unfinished, _STORED)
        self._writer.write(serialized)

    def __enter__(self) -> ShardWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._writer is None:
            return
        self._writer.close()
        if kind is None:
            tf.io.gfile.rename(self._unfinished, self._path, overwrite=True)
        else:
            tf.io.gfile.remove(self._unfinished)
