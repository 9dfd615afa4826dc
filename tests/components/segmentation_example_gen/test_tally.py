import itertools
import json
import random

import pytest

from components.segmentation_example_gen.read_records import BadRecord
from components.segmentation_example_gen.tally import SHOWN, Tally

TALLY = Tally()


def accumulate(elements):
    accumulator = TALLY.create_accumulator()
    for element in elements:
        accumulator = TALLY.add_input(accumulator, element)
    return accumulator


def bad(position: int) -> BadRecord:
    return BadRecord("f", position, "odd")


def test_good_and_bad_are_counted():
    tally = TALLY.extract_output(accumulate([None, bad(4), None, bad(2), None]))
    assert tally == {"good": 3, "bad": 2, "examples": [["f", 2, "odd"], ["f", 4, "odd"]]}
    assert json.loads(json.dumps(tally)) == tally


def test_nothing_is_a_tally_too():
    empty = TALLY.create_accumulator()
    assert TALLY.extract_output(TALLY.merge_accumulators([empty, empty])) == {"good": 0, "bad": 0, "examples": []}


@pytest.mark.parametrize("order", itertools.permutations(range(3)))
def test_parts_merge_in_any_order(order):
    elements = [None] * 7 + [bad(position) for position in range(2 * SHOWN)]
    random.Random(0).shuffle(elements)
    parts = [accumulate(elements[:4]), accumulate(elements[4:20]), accumulate(elements[20:])]
    first, *rest = (parts[index] for index in order)
    merged = TALLY.merge_accumulators([first, TALLY.merge_accumulators(iter(rest))])
    assert TALLY.extract_output(merged) == {
        "good": 7,
        "bad": 2 * SHOWN,
        "examples": [["f", position, "odd"] for position in range(SHOWN)],
    }
