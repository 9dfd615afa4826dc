"""A run's figures as MLflow's metrics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_LONGEST = 80  # characters of a part of a name; MLflow has room for 250 in all
_REFUSED = re.compile(r"[^\w.\- ]")  # / would make a part two, and servers on Windows refuse :


def figures(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Numbers by name: `mean_iou`, `iou/CLASS`, `baseline/mean_iou`, `slice/FEATURE/VALUE/mean_iou`.

    In names of classes, features and values, characters that MLflow refuses become `_`. Names that then are the same,
    or differ only by case, which some of MLflow's databases do not tell apart, are numbered: `a_b`, `a_b 2`.

    Args:
        metrics: what `metrics.json` holds. What is undefined, None, is left out; so are the confusion matrix,
            intervals and the data's own statistics, and the classes of slices and of the baseline.
    """
    found: dict[str, float] = {}
    taken: set[str] = set()
    for parts, value in _named(metrics):
        name = _unique("/".join(map(_safe, parts)), taken)
        if value is not None:
            found[name] = float(value)
    return found


_Named = Iterator[tuple[tuple[str, ...], float | None]]


def _named(metrics: Mapping[str, Any]) -> _Named:
    yield from _numbers(metrics)
    for key, value in metrics.items():
        if isinstance(value, Mapping) and key not in ("baseline", "verdict", "data"):
            yield from _numbers(value, key)
    yield from _numbers(metrics["baseline"], "baseline")
    for entry in metrics["slices"]:
        yield from _numbers(entry, "slice", *(part for pair in entry["slice"].items() for part in pair))


def _numbers(scores: Mapping[str, Any], *prefix: str) -> _Named:
    for key, value in scores.items():
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            yield (*prefix, key), value


def _safe(part: str) -> str:
    safe = _REFUSED.sub("_", part)[:_LONGEST]
    return safe if safe.strip(".") else "_" * max(len(safe), 1)  # dots alone would be a folder's


def _unique(name: str, taken: set[str]) -> str:
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate, number = f"{name} {number}", number + 1
    taken.add(candidate.casefold())
    return candidate
