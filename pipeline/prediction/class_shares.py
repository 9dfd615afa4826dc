"""A table of how much of each image each class has."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from schema.label_map import LabelMap
from schema.user_error import UserError


@contextmanager
def class_shares(path: Path, label_map: LabelMap) -> Iterator[Callable[[Sequence[str]], object]]:
    """Writes a CSV file of the rows that its block adds, as `shares_row` makes them.

    The file appears when the block ends, and not where it raises.

    Args:
        path: of the file, whose folder is made where it is missing.
        label_map: its names are the header.

    Raises:
        UserError: it cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = unfinished.open("w", newline="", encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path}: cannot write: {error}") from error
    try:
        with file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["image", "height", "width", *label_map.names])
            yield writer.writerow
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
