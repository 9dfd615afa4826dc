"""Writes a file."""

from __future__ import annotations

import uuid
from contextlib import suppress
from pathlib import Path

from schema.user_error import UserError


def write_file(path: Path, content: bytes | str) -> None:
    """Writes it whole or not at all, whoever else may be writing the same; folders are made where they are missing.

    Text is written as UTF-8.

    Raises:
        UserError: it cannot be written.
    """
    unfinished = path.with_name(f".{uuid.uuid4().hex}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
        unfinished.replace(path)
    except OSError as error:
        raise UserError(f"{path}: cannot write: {error.strerror or error}; choose another --out") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
