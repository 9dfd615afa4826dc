"""Reads a Dockerfile as far as tests need it."""

from __future__ import annotations

import re
from pathlib import Path


def stages(path: Path) -> list[list[tuple[str, str]]]:
    """Keyword and the rest of every instruction by stage, beginning with FROM; continued lines are joined."""
    lines = [line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    found: list[list[tuple[str, str]]] = []
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        keyword, rest = line.split(" ", 1)
        if keyword == "FROM":
            found.append([])
        if found:
            found[-1].append((keyword, rest))
    return found
