"""Signs of life from what takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

_SECONDS = 3


def tell_progress(items: Iterable[Item], what: str) -> Iterator[Item]:
    """Passes items on; every few seconds says on stderr how many there were, on a terminal in one line."""
    live = sys.stderr.isatty()
    spoke = time.monotonic()
    said = False
    for count, item in enumerate(items, 1):
        yield item
        if time.monotonic() - spoke >= _SECONDS:
            print(f"{what}: {count} records …", file=sys.stderr, end="\r" if live else "\n", flush=True)
            spoke, said = time.monotonic(), True
    if live and said:
        print(end="\x1b[2K\r", file=sys.stderr, flush=True)
