"""Counts good and bad records, and keeps the first of the bad ones."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import apache_beam as beam

from components.segmentation_example_gen.read_records import BadRecord

SHOWN = 10  # bad records kept with their reasons


class Tally(beam.CombineFn):
    """`None` for a good record, or a `BadRecord` -> `{"good": n, "bad": n, "examples": [[file, position, reason]]}`.

    What it gives is ready for JSON.
    """

    def create_accumulator(self) -> tuple[int, int, list[BadRecord]]:
        return 0, 0, []

    def add_input(
        self, accumulator: tuple[int, int, list[BadRecord]], element: BadRecord | None
    ) -> tuple[int, int, list[BadRecord]]:
        good, bad, examples = accumulator
        if element is None:
            return good + 1, bad, examples
        return good, bad + 1, sorted([*examples, element])[:SHOWN]

    def merge_accumulators(
        self, accumulators: Iterable[tuple[int, int, list[BadRecord]]]
    ) -> tuple[int, int, list[BadRecord]]:
        goods, bads, examples = zip(*accumulators, strict=True)
        return sum(goods), sum(bads), sorted(chain.from_iterable(examples))[:SHOWN]

    def extract_output(self, accumulator: tuple[int, int, list[BadRecord]]) -> dict:
        good, bad, examples = accumulator
        return {"good": good, "bad": bad, "examples": [list(example) for example in examples]}
