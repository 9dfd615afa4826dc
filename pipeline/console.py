"""What a run says on the terminal."""

from __future__ import annotations

import logging
import time
from typing import TextIO

from rich.console import Console as RichConsole
from rich.table import Table

from pipeline.config import Config
from pipeline.logs import PROGRESS_LOGGER

_SIGNS = {"done": "✓", "cached": "="}


class Console(logging.Handler):
    """A line for each component as it ends, its progress while it runs, a table in the end.

    On a terminal what runs now is one live line; elsewhere (a log of CI, a pod) each line is printed once.

    Args:
        terminal: where to.
    """

    def __init__(self, terminal: TextIO) -> None:
        super().__init__(logging.INFO)
        self._rich = RichConsole(file=terminal, highlight=False)
        self._running = "loading TFX"
        self._executed = 0
        self._began = time.monotonic()

    def __enter__(self) -> Console:
        """From here on what our own code logs as progress is shown."""
        logging.getLogger(PROGRESS_LOGGER).addHandler(self)
        self._show(self._running)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger(PROGRESS_LOGGER).removeHandler(self)
        self._clear()

    def component(self, name: str, state: str, seconds: float) -> None:
        """See `pipeline.watch_components`."""
        if state == "running":
            self._running = name
            self._show(f"{name} …")
            return
        self._executed += state == "done"
        detail = "unchanged, taken from an earlier run" if state == "cached" else f"{seconds:6.1f} s"
        self._clear()
        self._rich.print(f"{_SIGNS[state]} {name:<24} {detail}", markup=False)

    def emit(self, record: logging.LogRecord) -> None:
        """Shows a line of progress from inside the running component."""
        self._show(f"  {self._running}: {record.getMessage()}")

    def summary(self, config: Config, outcome: dict) -> None:
        """The outcome of the run: scores, verdict, and where everything is."""
        out = RichConsole(highlight=False)
        verdict, baseline = outcome["verdict"], outcome["baseline"]
        with_baseline = baseline["state"] == "found"
        out.print(f"\n{outcome['name']}: {outcome['images']} images of split {outcome['split']}")
        table = Table()
        table.add_column("class")
        table.add_column("IoU", justify="right")
        if with_baseline:
            table.add_column(f"serving now ({baseline['version']})", justify="right")
        rows = [*outcome["iou"].items(), ("mean IoU", outcome["mean_iou"])]
        old = {**baseline.get("iou", {}), "mean IoU": baseline.get("mean_iou")}
        for name, value in rows:
            if name == "mean IoU":
                table.add_section()
            cells = [name, _score(value), *([_score(old.get(name))] if with_baseline else [])]
            table.add_row(*cells, style="bold" if name == "mean IoU" else None)
        out.print(table)
        out.print(f"mean over {outcome['num_classes']} classes; pixel accuracy {_score(outcome['pixel_accuracy'])}")
        for rule in verdict["rules"]:
            out.print(f"{'✓' if rule['passed'] else '✗'} {rule['sentence']}", markup=False)
        if baseline["state"] == "first":
            out.print("no model was pushed before: there is none to compare with")
        elif baseline["state"] == "incompatible":
            out.print(
                f"version {baseline['version']} serves now and cannot be compared: {baseline['reason']}", markup=False
            )
        if verdict["pushed"]:
            out.print(f"[bold]pushed[/bold] as {verdict['path']}", soft_wrap=True)
        else:
            out.print("[bold]not blessed, not pushed[/bold]")
        out.print(f"report: {config.run_dir / 'report' / 'index.html'}", soft_wrap=True)
        if not self._executed:
            out.print("nothing had changed: no component was executed")
        out.print(f"{time.monotonic() - self._began:.0f} s")

    def _show(self, text: str) -> None:
        if self._rich.is_terminal:
            self._clear()
            self._rich.print(text[: self._rich.width - 1], end="\r", markup=False, no_wrap=True)
        else:
            self._rich.print(text, markup=False)

    def _clear(self) -> None:
        if self._rich.is_terminal:
            self._rich.file.write("\x1b[2K\r")


def _score(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.4f}"
