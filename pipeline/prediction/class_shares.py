"""A table of how much of each image each class has."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from schema.label_map import LabelMap
from schema.user_error import UserError


class AddRow(Protocol):
    """Takes the mask `[H, W] uint8` of class indices of a named image."""

    def __call__(self, name: str, mask: npt.NDArray[np.uint8]) -> None: ...


@contextmanager
def class_shares(path: Path, label_map: LabelMap) -> Iterator[AddRow]:
    """Writes a CSV file: name, height and width of each image, and each class's share of its pixels, 0..1.

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

            def add(name: str, mask: npt.NDArray[np.uint8]) -> None:
                shares = np.bincount(mask.ravel(), minlength=len(label_map))[: len(label_map)] / mask.size
                writer.writerow([name, *mask.shape, *(f"{share:.6f}" for share in shares)])

            yield add
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
