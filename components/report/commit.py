"""Which commit of the project is running."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

VARIABLE = "SEGPIPE_COMMIT"  # says it where there is no repository: in the image


def commit(file: Path = Path(__file__)) -> str | None:
    """The commit's hash, with `-dirty` where tracked files have changed since; None where nobody knows.

    Args:
        file: a source file of the project.
    """
    stated = os.environ.get(VARIABLE)
    if stated:
        return stated
    # An environment may lie inside somebody else's repository: ours is one that tracks the file.
    if _git(file, "ls-files", "--error-unmatch", file.name) is None:
        return None
    changes = _git(file, "status", "--porcelain", "--untracked-files=no")
    return f"{_git(file, 'rev-parse', 'HEAD')}{'-dirty' if changes else ''}"


def _git(file: Path, *arguments: str) -> str | None:
    """What git says in the folder of the file; None where it fails or is not there."""
    try:
        done = subprocess.run(["git", "-C", str(file.parent), *arguments], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
