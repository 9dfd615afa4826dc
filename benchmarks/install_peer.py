"""Installs what we compare ourselves with, apart from our own environment."""

import subprocess
import sys
from pathlib import Path

from benchmarks.find_uv import find_uv


def install_peer(folder: Path, *requirements: str, beside_ours: bool = False) -> str:
    """Makes an environment of our Python at `folder`.

    Args:
        folder: where to.
        requirements: as pip takes them.
        beside_ours: puts the packages alone into `folder`, to be added to the path of our own environment, which has
            all else that they need.

    Returns:
        Why it could not be made; nothing when it was.
    """
    uv, variables = find_uv()
    if uv is None:
        return "uv was not found"
    if beside_ours:
        commands = [["pip", "install", "--no-deps", "--python", sys.executable, "--target", str(folder), *requirements]]
    else:
        commands = [
            ["venv", "--python", sys.executable, str(folder)],
            ["pip", "install", "--python", str(folder), *requirements],
        ]
    for command in commands:
        done = subprocess.run([uv, *command, "--quiet"], env=variables, capture_output=True, text=True)
        if done.returncode:
            return " ".join(done.stderr.split())
    return ""
