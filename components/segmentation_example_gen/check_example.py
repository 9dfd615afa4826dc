"""Checks one record and puts it in the form every later stage relies on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from google.protobuf.message import DecodeError

from components.segmentation_example_gen.read_records import Record
from schema import record as keys
from schema.build_record import build_record
from schema.check_image import check_image
from schema.decode_mask import decode_mask
from schema.encode_mask import encode_mask
from schema.label_map import LabelMap
from schema.record_error import RecordError

_NO_EXAMPLE = "not a tf.Example, or one without features"


class CheckedExample(NamedTuple):
    """A record that can be used.

    Args:
        name: the image's.
        example: in the form that later stages rely on.
        notes: what was put right, a sentence each, the same for all records that needed it.
    """

    name: str
    example: tf.train.Example
    notes: tuple[str, ...]


def check_example(record: Record, label_map: LabelMap) -> CheckedExample:
    """Decodes image and mask, checks them against each other, and derives features from the pixels.

    The mask of the result is a one-channel PNG of class indices with 255 for void, whatever the file had: palette
    PNGs keep their ids, a dataset's own ids become indices. Features outside the record contract are left out.

    Raises:
        RecordError: why the record cannot be used, in one line.
    """
    features = _parse(record)
    name = _text(features, keys.FILENAME) or record.place
    image, encoded_mask = (_required_bytes(features, key, name) for key in (keys.IMAGE, keys.MASK))
    mask = decode_mask(encoded_mask, label_map, name=name)
    checked = check_image(image, mask.classes.shape, name=name)

    source = _text(features, keys.SOURCE) or "unknown"
    example = build_record(image, checked, mask.png or encode_mask(mask.classes), filename=name, source=source)
    derived = example.features.feature
    pixels = mask.counts[: len(label_map)]
    derived[keys.SIZE].bytes_list.value.append(keys.size_name(checked.height, checked.width).encode())
    derived[keys.CLASSES_PRESENT].int64_list.value.extend(np.flatnonzero(pixels).tolist())
    derived[keys.CLASS_PIXELS].int64_list.value.extend(pixels.tolist())
    derived[keys.VOID_FRACTION].float_list.value.append(mask.counts[keys.VOID] / mask.classes.size)
    derived[keys.PALETTE_MASK].int64_list.value.append(int(mask.is_palette))

    notes = {
        "palette mask turned into ids": mask.is_palette,
        "mask ids turned into class indices": mask.is_mapped,
        "EXIF orientation left aside": checked.is_turned,
        "stated height or width is not that of the pixels": not _states(
            features, {keys.HEIGHT: checked.height, keys.WIDTH: checked.width}
        ),
        "named after its file and position": not _text(features, keys.FILENAME),
    }
    return CheckedExample(name, example, tuple(note for note, applies in notes.items() if applies))


def _parse(record: Record) -> Mapping[str, Any]:
    try:
        features = tf.train.Example.FromString(record.serialized).features.feature
    except DecodeError as error:
        raise RecordError(record.place, _NO_EXAMPLE) from error
    if not features:  # what some versions of protobuf make of foreign bytes
        raise RecordError(record.place, _NO_EXAMPLE)
    return features


def _required_bytes(features: Mapping[str, Any], key: str, name: str) -> bytes:
    if key not in features:
        kind = f"no feature {key}"
        raise RecordError(name, kind, f"{kind}; found {', '.join(sorted(features)[:10])}")
    type_ = features[key].WhichOneof("kind")
    if type_ != "bytes_list":
        kind = f"{key}: expected a bytes_list"
        raise RecordError(name, kind, f"{kind}, got {type_ or 'nothing'}")
    values = features[key].bytes_list.value
    if len(values) != 1:
        kind = f"{key}: expected one value"
        raise RecordError(name, kind, f"{kind}, got {len(values)}")
    if not values[0]:
        raise RecordError(name, f"{key}: expected an encoded image, got empty bytes")
    return values[0]


def _text(features: Mapping[str, Any], key: str) -> str:
    """The first value of an optional text feature; bytes that are no UTF-8 are escaped."""
    values = features[key].bytes_list.value if key in features else []
    return values[0].decode("utf-8", "backslashreplace") if values else ""


def _states(features: Mapping[str, Any], actual: Mapping[str, int]) -> bool:
    """Whether the numbers that the record states, if it does, are the actual ones."""
    return all(list(features[key].int64_list.value) == [value] for key, value in actual.items() if key in features)
