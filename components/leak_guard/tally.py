"""Counts things by kind, and keeps the first examples of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import apache_beam as beam

Counts = dict[str, tuple[int, list[Any]]]  # by kind: how many, and the first examples in order


class Tally(beam.CombineFn):
    """(kind, how many, an example or None) -> `Counts`, small whatever comes in.

    Args:
        shown: examples kept of a kind.
    """

    def __init__(self, shown: int) -> None:
        super().__init__()
        self._shown = shown

    def create_accumulator(self) -> Counts:
        return {}

    def add_input(self, accumulator: Counts, element: tuple[str, int, Any]) -> Counts:
        kind, count, example = element
        return self.merge_accumulators([accumulator, {kind: (count, [] if example is None else [example])}])

    def merge_accumulators(self, accumulators: Iterable[Counts]) -> Counts:
        merged: Counts = {}
        for accumulator in accumulators:
            for kind, (count, examples) in accumulator.items():
                before, known = merged.get(kind, (0, []))
                merged[kind] = before + count, sorted([*known, *examples])[: self._shown]
        return merged

    def extract_output(self, accumulator: Counts) -> Counts:
        return accumulator
