"""The progress line of work on many images."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
from rich.text import Text


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f} images/s" if task.speed else "", style="dim")


@contextmanager
def watch_progress(doing: str, count: Callable[[], int], total: int) -> Iterator[None]:
    """While the block runs, shows `count()` of `total` images on stderr; silent when that is not a terminal.

    Args:
        doing: what is done, a word.
        count: images that are done.
        total: images in all.
    """
    if not sys.stderr.isatty():
        yield
        return
    columns = (doing, BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    done = threading.Event()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)

        def poll() -> None:
            while not done.wait(0.25):
                progress.update(task, completed=count())

        watcher = threading.Thread(target=poll, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()
