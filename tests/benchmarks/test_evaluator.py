"""The table's arithmetic, on costs whose start-up and slope are known."""

from benchmarks.evaluator import BARE, COMPONENT, NOT_MEASURED, SIGNATURE, row
from benchmarks.measure_process import Cost

MIB = 2**20


def _repeat(component_slope: float) -> dict:
    """5 s and 0.1 s an image for the bare loop, 12 s and the given slope for the component."""
    return {
        SIGNATURE: {n: Cost(1 + 0.08 * n, NOT_MEASURED, NOT_MEASURED) for n in (10, 20)},
        BARE: {n: Cost(5 + 0.1 * n, 6 + 0.2 * n, 100 * MIB) for n in (10, 20)},
        COMPONENT: {n: Cost(12 + component_slope * n, 9 + 0.25 * n, (200 + 2 * n) * MIB) for n in (10, 20)},
    }


def test_start_up_and_slope_are_told_apart_and_ratios_taken_within_a_repeat():
    repeats = [_repeat(slope) for slope in (0.2, 0.11, 0.12)]
    assert row(BARE, repeats, 10, 20) == (
        "| bare loop | 5.0 | 100.0 | 1.00 (1.00–1.00) | 200.0 | 1.00 (1.00–1.00) | 100 | 100 | 1.00 |"
    )
    assert row(COMPONENT, repeats, 10, 20) == (
        "| Evaluator | 12.0 | 120.0 | 1.20 (1.10–2.00) | 250.0 | 1.25 (1.25–1.25) | 220 | 240 | 1.09 |"
    )


def test_what_was_not_measured_is_left_empty():
    assert row(SIGNATURE, [_repeat(0.2)], 10, 20) == (
        "| the model in the bare loop | 1.0 | 80.0 | 0.80 (0.80–0.80) |  |  |  |  |  |"
    )
