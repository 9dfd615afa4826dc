"""A folder to work in."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schema.user_error import UserError


@contextmanager
def temporary_folder(folder: Path) -> Iterator[Path]:
    """A new folder, gone after the block unless it was renamed. Those that it lies in are made where they are missing.

    Raises:
        UserError: it is there already, or cannot be made.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
    except FileExistsError as error:
        raise UserError(f"{error.filename} is in the way; remove it") from error
    except OSError as error:
        raise UserError(f"{error.filename}: cannot create the folder: {error.strerror}") from error
    try:
        yield folder
    finally:
        # After an interrupt, worker threads may still open a file in it.
        for _ in range(50):
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break
            time.sleep(0.1)
