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


def read_record_images(path: Path) -> Iterator[RecordImage]:
    """Reads them one by one. Nothing that is wrong with one keeps the others from being read."""
    import tensorflow as tf
    from google.protobuf.message import DecodeError

    from components.segmentation_example_gen.read_records import BadRecord, read_records

    for record in read_records(str(path)):
        if isinstance(record, BadRecord):
            yield RecordImage(record.position, fault=record.reason)
            continue
        try:
            features = tf.train.Example.FromString(record.serialized).features.feature
        except DecodeError:
            yield RecordImage(record.position, fault="expected a tf.Example")
            continue
        images, names = (features[key].bytes_list.value for key in (IMAGE, FILENAME))
        if len(images) != 1:
            fault = f"expected one image in {IMAGE}, found {len(images) or 'none'}"
            yield RecordImage(record.position, fault=fault)
            continue
        stem = PurePosixPath(names[0].decode("utf-8", "replace")).stem if names else ""
        yield RecordImage(record.position, images[0], re.sub(r"[^\w.-]", "_", stem) if stem.strip("._") else "")
