"""The table's arithmetic, on costs whose start-up and slope are known."""

from benchmarks.cost_table import NOT_MEASURED, cost_table
from benchmarks.measure_process import Cost

MIB = 2**20


def _repeat(slope: float) -> dict:
    """5 s and 0.1 s an image for the loop, 12 s and the given slope for ours."""
    return {
        "a part": {n: Cost(1 + 0.08 * n, NOT_MEASURED, NOT_MEASURED) for n in (10, 20)},
        "loop": {n: Cost(5 + 0.1 * n, 6 + 0.2 * n, 100 * MIB) for n in (10, 20)},
        "ours": {n: Cost(12 + slope * n, 9 + 0.25 * n, (200 + 2 * n) * MIB) for n in (10, 20)},
    }


def test_start_up_and_slope_are_told_apart_and_ratios_taken_within_a_repeat():
    repeats = [_repeat(slope) for slope in (0.2, 0.11, 0.12)]
    assert cost_table(["loop", "ours"], "loop", repeats, 10, 20).splitlines() == [
        "| | start-up, s | an image, ms | × loop | its CPU, ms | × loop | MiB at 10 | at 20 | × |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
        "| loop | 5.0 | 100.0 | 1.00 (1.00–1.00) | 200.0 | 1.00 (1.00–1.00) | 100 | 100 | 1.00 |",
        "| ours | 12.0 | 120.0 | 1.20 (1.10–2.00) | 250.0 | 1.25 (1.25–1.25) | 220 | 240 | 1.09 |",
    ]


def test_what_was_not_measured_is_left_empty():
    assert cost_table(["a part"], "loop", [_repeat(0.2)], 10, 20).splitlines()[-1] == (
        "| a part | 1.0 | 80.0 | 0.80 (0.80–0.80) |  |  |  |  |  |"
    )
