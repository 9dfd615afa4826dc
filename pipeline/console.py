"""What a run says on the terminal."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TextIO

from rich.console import Console as RichConsole
from rich.table import Table

from pipeline.config import Config
from pipeline.logs import PROGRESS_LOGGER

_SIGNS = {"done": "✓", "cached": "="}
_MEAN = "mean IoU"


class Console(logging.Handler):
    """A line for each component as it ends, its progress while it runs, a table in the end.

    Args:
        terminal: where to.
        live: whether what runs now is one line that the next replaces. Elsewhere than on a terminal (a log of CI, a
            pod) a line is printed once, and for good.
    """

    def __init__(self, terminal: TextIO, *, live: bool) -> None:
        super().__init__(logging.INFO)
        # Names of classes and paths are shown as they are, [brackets] and :colons: included.
        self._rich = RichConsole(file=terminal, highlight=False, markup=False, emoji=False)
        self._live = live and not self._rich.is_dumb_terminal
        self._executed = 0
        self._began = time.monotonic()
        self.running = "loading TFX"  # what is at work now

    def __enter__(self) -> Console:
        """From here on what our own code logs as progress is shown."""
        logging.getLogger(PROGRESS_LOGGER).addHandler(self)
        self._show(f"{self.running} …")
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger(PROGRESS_LOGGER).removeHandler(self)
        self._clear()

    def component(self, name: str, state: str, seconds: float) -> None:
        """See `pipeline.watch_components`."""
        if state == "running":
            self.running = name
            self._show(f"{name} …")
            return
        self.running = "the pipeline"
        self._executed += state == "done"
        detail = "unchanged, taken from an earlier run" if state == "cached" else f"{seconds:6.1f} s"
        self._clear()
        self._rich.print(f"{_SIGNS[state]} {name:<24} {detail}", soft_wrap=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Shows a line from inside the running component: progress passes by; a warning and what is `lasting` stay."""
        text = f"  {self.running}: {record.getMessage()}"
        if self._live and record.levelno < logging.WARNING and not getattr(record, "lasting", False):
            self._show(text)
        else:
            self._clear()
            self._rich.print(text, soft_wrap=True)

    def summary(self, config: Config, outcome: dict) -> None:
        """The outcome of the run, on stdout: scores, verdict, and where everything is."""
        out = RichConsole(highlight=False, markup=False, emoji=False)
        say = partial(out.print, soft_wrap=True)
        verdict, baseline = outcome["verdict"], outcome["baseline"]
        say(f"\n{outcome['name']}: {outcome['images']} images of split {outcome['split']}")
        out.print(_table(outcome, baseline if baseline["state"] == "found" else None))
        say(f"mean over {outcome['num_classes']} classes; pixel accuracy {_score(outcome['pixel_accuracy'])}")
        for rule in verdict["rules"]:
            say(f"{'✓' if rule['passed'] else '✗'} {rule['sentence']}")
        if baseline["state"] == "first":
            say("no other model was pushed before: there is none to compare with")
        elif baseline["state"] == "incompatible":
            say(f"version {baseline['version']} serves now and cannot be compared: {baseline['reason']}")
        if found := _findings(outcome["data"]):
            say(f"data: {found}: see the report")
        say(f"pushed as {verdict['path']}" if verdict["pushed"] else "not blessed, not pushed", style="bold")
        say(f"report: {config.run_dir / 'report' / 'index.html'}")
        if not self._executed:
            say("nothing had changed: no component was executed")
        say(f"{time.monotonic() - self._began:.0f} s")

    def _show(self, text: str) -> None:
        """Replaces the live line, where there is one."""
        if self._live:
            self._clear()
            self._rich.print(text[: self._rich.width - 1], end="\r", no_wrap=True)

    def _clear(self) -> None:
        if self._live:
            self._rich.file.write("\x1b[2K\r")
            self._rich.file.flush()


def _table(outcome: dict, baseline: dict | None) -> Table:
    table = Table()
    table.add_column("class")
    table.add_column("IoU", justify="right")
    columns = [{**outcome["iou"], _MEAN: outcome["mean_iou"]}]
    if baseline:
        table.add_column(f"serving now ({baseline['version']})", justify="right")
        columns.append({**(baseline.get("iou") or {}), _MEAN: baseline.get("mean_iou")})
    for name in columns[0]:
        if name == _MEAN:
            table.add_section()
        table.add_row(name, *(_score(scores.get(name)) for scores in columns), style="bold" if name == _MEAN else None)
    return table


def _findings(data: dict) -> str:
    """What is odd in the data, in numbers; empty where nothing is."""
    records, leaks = data["records"].values(), data["leaks"]
    bad = sum(split["bad"] for split in records)
    near = leaks["near_duplicates"]["count"]
    twice = max(leaks[kind]["count"] for kind in ("repeated_names", "repeated_pixels"))
    found = [
        (bad, f"of {bad + sum(split['good'] for split in records):,} records set aside"),
        (near, f"near-duplicate {'pair' if near == 1 else 'pairs'} across splits"),
        (twice, f"{'image' if twice == 1 else 'images'} twice in a split"),
    ]
    return ", ".join(f"{count:,} {what}" for count, what in found if count)


def _score(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.4f}"
