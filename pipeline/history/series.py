"""A score over the runs, ready to be drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

_TICKS = 5  # intervals between the lines of a scale at most


class Scale(NamedTuple):
    """What an axis shows: `lines`, from the lowest value to the highest."""

    lines: list[float]

    def percent(self, value: float) -> float:
        """From the upper end, as SVG counts."""
        low, high = self.lines[0], self.lines[-1]
        return 100 * (high - value) / (high - low)


class Point(NamedTuple):
    """A run that has the score; `x` and `y` are percent from the left and from above."""

    run: int
    x: float
    y: float


@dataclass(frozen=True)
class Series:
    """Args:
    points: of the runs that have the score, in their order.
    lines: between runs that follow each other; where a run lacks the score there is a gap.
    """

    points: list[Point]
    lines: list[tuple[Point, Point]]


def scale(values: Sequence[float | None]) -> Scale:
    """Tenths around the scores, 0..1, so that their changes can be seen; 0..1 where there are none."""
    tenths = [round(10 * value, 9) for value in values if value is not None]  # rounded: 0.3 is a tenth
    low, high = (math.floor(min(tenths)), math.ceil(max(tenths))) if tenths else (0, 10)
    if low == high:
        low, high = (low - 1, high) if low else (low, high + 1)
    step = math.ceil((high - low) / _TICKS)
    low -= -(high - low) % step  # so that the lines are even
    if low < 0:
        low, high = 0, high - low
    return Scale([tenth / 10 for tenth in range(low, high + 1, step)])


def series(values: Sequence[float | None], axis: Scale) -> Series:
    """Places the scores, one for each run at even distances; a lone run is in the middle."""
    last = len(values) - 1
    points = [
        None if value is None else Point(run, 100 * run / last if last else 50.0, axis.percent(value))
        for run, value in enumerate(values)
    ]
    return Series(
        points=[point for point in points if point],
        lines=[(one, other) for one, other in pairwise(points) if one and other],
    )
