"""Looks through a folder of TFRecords, and writes what it found."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from components.segmentation_example_gen.read_records import read_records
from pipeline.show.find_splits import find_splits
from pipeline.show.render_data import render_data
from pipeline.show.survey import Survey, survey
from pipeline.show.tell_progress import tell_progress
from pipeline.write_file import write_file
from schema.label_map import FILE_NAME, LabelMap
from schema.user_error import UserError


def write_data_page(
    folder: Path, page: Path, *, label_map: Path | None, patterns: Mapping[str, str], limit: int, examples: int
) -> dict[str, Survey]:
    """Writes the page, which appears whole or not at all, and returns what is on it by split.

    Args:
        folder: of TFRecords.
        page: the file to write or replace.
        label_map: the file of the classes, by default `label_map.yaml` in the folder.
        patterns: as of `find_splits`.
        limit: records of each split that are looked at, at most.
        examples: pictures of each split.

    Raises:
        UserError: no files, no label map, or the page cannot be written.
    """
    splits = find_splits(folder, patterns)
    classes = label_map or folder / FILE_NAME
    if not classes.is_file():
        raise UserError(f"no label map {classes}; write one (the converters do), or name another with --label-map FILE")
    known = LabelMap.load(classes)
    found = {}
    for split, files in splits.items():
        records = tell_progress(chain.from_iterable(map(read_records, files)), split)
        found[split] = survey(records, known, limit=limit, examples=examples)
    write_file(page, render_data(folder.resolve().name, found, known))
    return found
