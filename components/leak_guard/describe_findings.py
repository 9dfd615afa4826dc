"""The guard's findings in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from components.leak_guard.finding import (
    NEAR_DUPLICATES,
    PAIRS,
    REPEATED_NAMES,
    REPEATED_PIXELS,
    SHARED_NAMES,
    SHARED_PIXELS,
)

_TITLES = {
    SHARED_NAMES: "same name in two splits",
    SHARED_PIXELS: "same pixels in two splits",
    NEAR_DUPLICATES: "nearly alike in two splits",
    REPEATED_NAMES: "same name twice in a split",
    REPEATED_PIXELS: "same pixels twice in a split",
}
_SHOWN = 3  # pairs in a line
_LENGTH = 120  # characters of a name, which may hold anything


def describe_findings(findings: Mapping[str, Any], kinds: Collection[str] = PAIRS) -> list[str]:
    """A line for each of the kinds that was found: how many there are, and the first pairs.

    Args:
        findings: see `LeakFindings`.
        kinds: some of `PAIRS`.
    """
    return [_line(kind, **findings[kind]) for kind in PAIRS if kind in kinds and findings[kind]["count"]]


def _line(kind: str, count: int, pairs: list) -> str:
    shown = [" and ".join(f"{_short(name)} ({split})" for split, name in pair) for _, *pair in pairs[:_SHOWN]]
    more = f"; and {count - len(shown)} more" if count > len(shown) else ""
    return f"{_TITLES[kind]}, {count}: {'; '.join(shown)}{more}"


def _short(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= _LENGTH else f"{line[:_LENGTH]} …"
