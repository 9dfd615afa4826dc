"""Writes a page."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from schema.user_error import UserError


def write_page(path: Path, page: str) -> None:
    """Writes the file, which appears whole or not at all; folders are made where they are missing.

    Raises:
        UserError: it cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(page, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise UserError(f"{path}: cannot write: {error.strerror}; choose another --out") from error
