"""A history by hand."""

from datetime import datetime, timedelta, timezone

from pipeline.history.read_history import History, Outcome


def history(
    *outcomes: dict,
    name: str = "small <1>",
    classes: tuple[str, ...] = ("sky", "<b>[red]"),
    knobs: tuple[str, ...] = (),
) -> History:
    """Runs 1, 2, ... that ended a day apart; each is given what is known of it."""
    first = datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc)
    made = [Outcome(number, first + timedelta(number - 1), **known) for number, known in enumerate(outcomes, 1)]
    return History(name, made, list(classes), list(knobs))


THREE = history(
    {},
    {"mean_iou": 0.5, "iou": {"sky": 0.6, "<b>[red]": 0.4}, "pushed": True, "version": "17"},
    {"mean_iou": 0.45, "iou": {"sky": 0.9}, "pushed": False},
)
TUNED = history(
    {"mean_iou": 0.5, "iou": {"sky": 0.5}, "pushed": False},
    {"mean_iou": 0.75, "iou": {"sky": 0.75}, "pushed": False, "hyperparameters": {"learning_rate": 0.00123456}},
    classes=("sky",),
    knobs=("learning_rate",),
)
