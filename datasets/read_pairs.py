"""Reads a CSV file of image and mask files."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

from datasets.list_faults import list_faults
from datasets.pair import Pair
from datasets.split_pairs import split_pairs
from schema.user_error import UserError


def read_pairs(path: Path, val_fraction: float | None = None) -> dict[str, list[Pair]]:
    """The pairs of each split, in the order of the file; names are paths seen from the file's folder.

    Args:
        path: a CSV file with a heading: image, mask, and split unless there is a `val_fraction`. Paths are absolute
            or seen from the file's folder.
        val_fraction: split by this share, see `split_pairs`.

    Raises:
        UserError: the file cannot be read or has other columns, the splits are given twice, not at all, or without
            train or val, or lines are wrong: no image, no mask, no such file, listed before. The first few of them
            and their number.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = reader.fieldnames or []
            lines = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path}: cannot read the CSV file: {error}") from error
    expected = ["image", "mask"] if val_fraction is not None else ["image", "mask", "split"]
    if sorted(columns) != expected:
        raise UserError(
            f"{path}: the columns are {', '.join(columns) or 'none'}, expected {', '.join(expected)}, separated by "
            "commas; either a column split or --val-fraction tells train from val"
        )
    pairs: dict[str, list[Pair]] = {}
    first: dict[str, int] = {}
    faults = []
    for number, row in lines:
        fault = _fault(path.parent, row)
        if fault:
            faults.append(f"line {number}: {fault}")
            continue
        image, mask = path.parent / row["image"], path.parent / row["mask"]
        name = Path(os.path.relpath(image, path.parent)).as_posix()
        if first.setdefault(name, number) != number:
            faults.append(f"line {number}: {row['image']} is on line {first[name]} already")
        pairs.setdefault(row.get("split", ""), []).append(Pair(name, image, mask))
    if faults:
        raise UserError(f"{path}: {len(faults)} of {len(lines)} lines are wrong:{list_faults(faults)}")
    if val_fraction is not None:
        return split_pairs(pairs.get("", []), val_fraction)
    if not {"train", "val"} <= set(pairs):
        raise UserError(f"{path}: the splits are {', '.join(pairs) or 'none'}, expected train and val among them")
    return pairs


def _fault(folder: Path, row: dict) -> str | None:
    """What is wrong with a line."""
    if None in row or None in row.values() or not all(row.values()):
        return f"expected one value a column, got {', '.join(map(repr, row.values()))}"
    if not re.fullmatch(r"\w+", row.get("split", "train"), re.ASCII):
        return f"split {row['split']!r}, expected a name of letters, digits and _"
    for column in ("image", "mask"):
        if not (folder / row[column]).is_file():
            return f"no such file: {folder / row[column]}"
    return None
