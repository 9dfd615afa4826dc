"""The history of a pipeline on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from pipeline.history.read_history import History, Outcome

_MEAN = "mean IoU"
_COLUMN = 13  # characters that a run takes, with its borders


def print_history(history: History) -> None:
    """Prints a row a class and a column a run, the newest last; as many runs as the terminal has room for.

    What a tuner has chosen for them comes last, a row a knob.
    """
    # Names of classes are shown as they are, [brackets] and :colons: included.
    out = Console(highlight=False, markup=False, emoji=False)
    names = max(len(name) for name in (_MEAN, *history.classes, *history.knobs))
    room = max(1, (out.width - names - 4) // _COLUMN)
    out.print(_table(history, history.outcomes[-room:]))
    if room < len(history.outcomes):
        out.print(f"the last {room} of {len(history.outcomes)} runs", soft_wrap=True)


def _table(history: History, shown: list[Outcome]) -> Table:
    table = Table()
    table.add_column("run")
    for outcome in shown:
        table.add_column(f"{outcome.number}\n{outcome.ended:%Y-%m-%d\n%H:%M} UTC", justify="right")
    for name in history.classes:
        table.add_row(name, *(_score(outcome.iou.get(name)) for outcome in shown))
    table.add_section()
    table.add_row(_MEAN, *(_score(outcome.mean_iou) for outcome in shown), style="bold")
    table.add_row("pushed", *(_pushed(outcome) for outcome in shown), end_section=True)
    for knob in history.knobs:
        table.add_row(knob, *(_value(outcome.hyperparameters.get(knob)) for outcome in shown))
    return table


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _value(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _pushed(outcome: Outcome) -> str:
    if outcome.pushed is None:
        return "–"
    return (outcome.version or "yes") if outcome.pushed else "no"
