"""Types of paths in a configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator


def _expand(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:  # ~nobody
        raise ValueError(str(error)) from error


def _refuse_patterns(path: Path) -> Path:
    if set("*?[]{}") & set(str(path)):
        raise ValueError("should hold none of * ? [ ] { }, which Beam and TensorFlow take for a file pattern")
    return path


ExpandedPath = Annotated[Path, AfterValidator(_expand)]
PlainPath = Annotated[ExpandedPath, AfterValidator(_refuse_patterns)]
