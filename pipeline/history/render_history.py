"""The history of a pipeline as one HTML page."""

from __future__ import annotations

import math
from importlib.resources import files

from components.report.page import render_page
from pipeline.history.read_history import History, Outcome
from pipeline.history.series import scale, series

_LABELS = 8  # run numbers under the chart at most: what a phone has room for


def render_history(history: History) -> str:
    """A self-contained page: mean IoU over the runs, the same for each class, and all figures in a table.

    Args:
        history: as `read_history` gives it.

    Returns:
        HTML that requests nothing from anywhere and runs no script but its own. All texts are escaped.
    """
    outcomes = history.outcomes
    means = [outcome.mean_iou for outcome in outcomes]
    of_classes = {name: [outcome.iou.get(name) for outcome in outcomes] for name in history.classes}
    mean_axis = scale(means)
    class_axis = scale([value for values in of_classes.values() for value in values])
    every = math.ceil(len(outcomes) / _LABELS)
    return render_page(
        "pipeline.history",
        "history.html.j2",
        files("components.report").joinpath("sort.js").read_text("utf-8"),
        name=history.name,
        outcomes=outcomes,
        classes=history.classes,
        knobs=history.knobs,
        rows=list(reversed([(outcome, _change(outcomes, at)) for at, outcome in enumerate(outcomes)])),
        pushed=[outcome for outcome in outcomes if outcome.pushed],
        mean_axis=mean_axis,
        mean=series(means, mean_axis),
        labels=[(point, at) for point, at in _places(len(outcomes)) if (len(outcomes) - 1 - at) % every == 0],
        class_axis=class_axis,
        series={name: series(values, class_axis) for name, values in of_classes.items()},
        score=_score,
        change=_signed,
        day=lambda outcome: f"{outcome.ended:%Y-%m-%d %H:%M}",
    )


def _places(count: int) -> list[tuple[float, int]]:
    """Percent from the left, and index, of each run."""
    return [(point.x, point.run) for point in series([0.0] * count, scale([])).points]


def _change(outcomes: list[Outcome], at: int) -> float | None:
    """Of the mean IoU from the run before, to four digits, as shown."""
    before = outcomes[at - 1].mean_iou if at else None
    value = outcomes[at].mean_iou
    return None if value is None or before is None else round(value - before, 4) + 0.0


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _signed(change: float | None) -> str:
    if change is None:
        return "–"
    return f"{change:+.4f}".replace("-", "−") if change else "±0.0000"
