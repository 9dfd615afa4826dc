"""Checks one record and puts it in the form every later stage relies on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf.message import DecodeError

from components.segmentation_example_gen.read_records import Record
from schema import record as keys
from schema.decode_mask import decode_mask
from schema.label_map import LabelMap
from schema.make_record import make_record
from schema.user_error import UserError


def check_example(record: Record, label_map: LabelMap) -> tf.train.Example:
    """Decodes image and mask, checks them against each other, and derives features from the pixels.

    The mask of the result is a one-channel PNG of class indices with 255 for void, whatever the file had: palette
    PNGs keep their ids, a dataset's own ids become indices. Features outside the record contract are left out.

    Raises:
        UserError: why the record cannot be used, in one line.
    """
    try:
        features = tf.train.Example.FromString(record.serialized).features.feature
    except DecodeError as error:
        raise UserError("not a tf.Example") from error
    if not features:  # what some versions of protobuf make of foreign bytes
        raise UserError("not a tf.Example, or one without features")
    filename = _text(features, keys.FILENAME) or f"{record.file.rsplit('/', 1)[-1]}#{record.position}"
    image, mask = _required_bytes(features, keys.IMAGE), _required_bytes(features, keys.MASK)
    classes = decode_mask(mask, label_map, name=keys.MASK)
    source = _text(features, keys.SOURCE) or "unknown"
    example = make_record(image, classes, label_map, filename=filename, source=source, encoded_mask=mask)

    counts = np.bincount(classes.ravel(), minlength=256)
    present = np.flatnonzero(counts[: len(label_map)])
    derived = example.features.feature
    derived[keys.SIZE].bytes_list.value.append(keys.size_name(*classes.shape).encode())
    derived[keys.CLASSES_PRESENT].int64_list.value.extend(present.tolist())
    derived[keys.VOID_FRACTION].float_list.value.append(counts[keys.VOID] / classes.size)
    return example


def _required_bytes(features: Mapping[str, Any], key: str) -> bytes:
    if key not in features:
        raise UserError(f"no feature {key}; found {', '.join(sorted(features)[:10])}")
    kind = features[key].WhichOneof("kind")
    if kind != "bytes_list":
        raise UserError(f"{key}: expected a bytes_list, got {kind or 'nothing'}")
    values = list(features[key].bytes_list.value)
    if len(values) != 1:
        raise UserError(f"{key}: expected one value, got {len(values)}")
    if not values[0]:
        raise UserError(f"{key}: expected an encoded image, got empty bytes")
    return values[0]


def _text(features: Mapping[str, Any], key: str) -> str:
    """The first value of an optional text feature; bytes that are no UTF-8 are escaped."""
    values = list(features[key].bytes_list.value) if key in features else []
    return values[0].decode("utf-8", "backslashreplace") if values else ""
