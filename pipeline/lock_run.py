"""One run at a time in a folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schema.user_error import UserError


@contextmanager
def lock_run(run_dir: Path) -> Iterator[None]:
    """Makes `run_dir` and keeps other runs out of it while in here: two would spoil each other's metadata.

    The operating system gives the lock up when the process ends, however it ends.

    Raises:
        UserError: another run is in there, or the folder cannot be written to.
    """
    try:
        run_dir.mkdir(parents=True, exist_ok=True)
        file = (run_dir / ".lock").open("w")
    except OSError as error:
        raise UserError(f"run_dir: cannot write to {run_dir}: {error.strerror}; choose another folder") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError(
                f"run_dir: another run is at work in {run_dir}; wait for it to end, or choose another folder"
            ) from error
        yield
