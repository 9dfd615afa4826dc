"""Checks what was read from a file."""

from __future__ import annotations

from components.segmentation_example_gen.check_example import CheckedExample, check_example
from components.segmentation_example_gen.read_records import BadRecord, Record
from schema.label_map import LabelMap
from schema.record_error import RecordError


def check_record(record: Record | BadRecord, label_map: LabelMap) -> CheckedExample | BadRecord:
    """`check_example`, with a `BadRecord` in the place of an error; what could not be read stays as it is."""
    if isinstance(record, BadRecord):
        return record
    try:
        return check_example(record, label_map)
    except RecordError as error:
        reason = " ".join(str(error).split())  # one line, whatever a file's texts hold
        return BadRecord(record.file, record.position, reason, error.kind, error.name)
