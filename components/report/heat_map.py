"""A confusion matrix as the cells of a heat map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_MAX_WRITTEN = 25  # classes; figures of more would not be readable
_NOTHING = "nothing"


@dataclass(frozen=True)
class Cell:
    """Args:
    share: of the row's pixels, 0..1.
    text: the share in percent, or nothing.
    title: all of it in words.
    """

    share: float
    text: str
    title: str


@dataclass(frozen=True)
class HeatMap:
    """Args:
    columns: what is predicted; `nothing` is last, where that ever was.
    rows: name of the true class and its cells; None stands for no pixel.
    written: whether the cells have a text.
    """

    columns: list[str]
    rows: list[tuple[str, list[Cell | None]]]
    written: bool


def heat_map(matrix: Sequence[Sequence[int]], names: Sequence[str]) -> HeatMap:
    """Takes each row as shares of its class.

    Args:
        matrix: `[C, C + 1]` pixel counts, rows truth, columns prediction, the last one is no class at all.
        names: of the C classes.

    Raises:
        ValueError: the matrix has another shape.
    """
    if len(matrix) != len(names) or any(len(row) != len(names) + 1 for row in matrix):
        widths = sorted({len(row) for row in matrix})
        raise ValueError(f"{len(names)} classes have a matrix [C, C + 1], got {len(matrix)} rows of {widths}")
    written = len(names) <= _MAX_WRITTEN
    columns = [*names, _NOTHING] if any(row[-1] for row in matrix) else list(names)
    rows = [
        (truth, [_cell(count, sum(row), truth, column, written) for count, column in zip(row, columns, strict=False)])
        for truth, row in zip(names, matrix, strict=True)
    ]
    return HeatMap(columns, rows, written)


def _cell(count: int, total: int, truth: str, predicted: str, written: bool) -> Cell | None:
    if not count:
        return None
    share = count / total
    title = f"{truth} predicted as {predicted}: {count:,} of {total:,} pixels, {share:.2%}"
    return Cell(share, _percent(share) if written else "", title)


def _percent(share: float) -> str:
    """100 and 0 are kept for all and nothing."""
    if share < 0.01:
        return "<1"
    return "100" if share == 1 else str(min(round(100 * share), 99))
