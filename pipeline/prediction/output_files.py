"""What a prediction's files are called."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class OutputFiles(NamedTuple):
    """The files of one image."""

    mask: Path
    overlay: Path


def output_files(out: Path, name: str) -> OutputFiles:
    """Those of the image `name`, which may have folders in it, below the folder `out`."""
    return OutputFiles(out / f"{name}.mask.png", out / f"{name}.overlay.jpg")
