"""Reads the images of a TFRecord file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from schema.record import FILENAME, IMAGE


class RecordImage(NamedTuple):
    """An image of a TFRecord file as it lies there, or the reason why there is none."""

    position: int  # from 0
    encoded: bytes = b""
    wanted: str = ""  # a name after its `image/filename`; empty where it has none
    fault: str | None = None

    @classmethod
    def of(cls, position: int, serialized: bytes) -> RecordImage:
        """The image of a serialized tf.Example, whatever else this has."""
        import tensorflow as tf
        from google.protobuf.message import DecodeError

        try:
            features = tf.train.Example.FromString(serialized).features.feature
        except DecodeError:
            return cls(position, fault="expected a tf.Example")
        images, names = (features[key].bytes_list.value for key in (IMAGE, FILENAME))
        if len(images) != 1:
            return cls(position, fault=f"expected one image in {IMAGE}, found {len(images) or 'none'}")
        stem = PurePosixPath(names[0].decode("utf-8", "replace")).stem if names else ""
        return cls(position, images[0], re.sub(r"[^\w.-]", "_", stem) if stem.strip("._") else "")


def read_record_images(path: Path) -> Iterator[RecordImage]:
    """Reads them one by one. Nothing that is wrong with one keeps the others from being read."""
    from components.segmentation_example_gen.read_records import BadRecord, read_records

    for record in read_records(str(path)):
        if isinstance(record, BadRecord):
            yield RecordImage(record.position, fault=record.reason)
        else:
            yield RecordImage.of(record.position, record.serialized)
