"""Replaces a folder by a copy of another."""

from __future__ import annotations

import shutil
from pathlib import Path


def replace_folder(source: Path, destination: Path) -> None:
    """Copies `source` so that `destination` is never half of either: the copy takes its place when it is whole."""
    new, old = (destination.with_name(f".{destination.name}.{suffix}") for suffix in ("new", "old"))
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(source, new)
    if destination.exists():
        destination.rename(old)
    new.rename(destination)
    shutil.rmtree(old, ignore_errors=True)
