"""Words for a search, its trials and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.tuner.settings import TunerSettings


def describe_space(tuner: TunerSettings) -> str:
    """What is searched, in one line."""
    knobs = [
        f"{knob} {(' to ' if tuner.search.is_range(knob) else ' or ').join(f'{value:g}' for value in values)}"
        for knob, values in tuner.search.knobs.items()
    ]
    return f"{tuner.trials} trials of {tuner.steps} steps; {', '.join(knobs)}"


def describe_values(values: Mapping[str, float]) -> str:
    """One value a knob, in one line."""
    return ", ".join(f"{knob} {value:.4g}" for knob, value in values.items())


def describe_results(trials: Sequence[tuple[Mapping[str, float], float | None]]) -> str:
    """A table: a row a trial in the order they were run, a star at the best.

    Args:
        trials: values of the knobs, and the mean IoU; None for one that failed. One at least did not.
    """
    best = max(score for _, score in trials if score is not None)
    header = ["", "trial", *trials[0][0], "mean IoU"]
    rows = [
        [
            "*" if score == best else "",
            str(number),
            *(f"{value:.4g}" for value in values.values()),
            "failed" if score is None else f"{score:.4f}",
        ]
        for number, (values, score) in enumerate(trials, 1)
    ]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [header, *rows]]
    return "\n".join(lines)
