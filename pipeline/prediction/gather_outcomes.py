"""Of all images together: the table of class shares, and what there is no prediction of."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TimeRemainingColumn

from pipeline.prediction.class_shares import class_shares
from pipeline.prediction.output_files import output_files
from pipeline.prediction.write_outcome import Outcome
from schema.label_map import LabelMap

SHARES = "class_shares.csv"


class Predictions(NamedTuple):
    """The files written, and the images there are none for; each of these was reported on stderr."""

    written: list[Path]
    failed: list[str]


def gather_outcomes(
    outcomes: Iterable[Outcome], label_map: LabelMap, out: Path, *, total: int | None = None, progress: bool = True
) -> Predictions:
    """Writes class_shares.csv, whole or not at all, and reports images without a prediction as they come.

    Args:
        outcomes: in the order of the table.
        label_map: the model's.
        out: the folder to write to; made where it is missing.
        total: how many images there are, if that is known.
        progress: whether a bar is shown, on a terminal.

    Raises:
        UserError: the file cannot be written.
    """
    predictions = Predictions([], [])
    console = Console(stderr=True, soft_wrap=True)
    columns = (BarColumn(), MofNCompleteColumn(), TaskProgressColumn(show_speed=True), TimeRemainingColumn())
    shown = progress and console.is_terminal
    with (
        class_shares(out / SHARES, label_map) as add_row,
        Progress(*columns, console=console, transient=True, disable=not shown) as bar,
    ):
        task = bar.add_task("", total=total)
        for place, fault, row in outcomes:
            bar.advance(task)
            if fault is not None:
                console.print(f"{place}: no prediction: {fault}", markup=False, highlight=False)
                predictions.failed.append(place)
                continue
            add_row(row)
            predictions.written.extend(output_files(out, row[0]))
    return predictions
