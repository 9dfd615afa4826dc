"""Keeps the terminal for people and the whole log in a file."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TextIO

from pipeline.quiet_tensorflow import quiet_tensorflow
from schema.user_error import UserError

PROGRESS_LOGGER = "segpipe"  # what our own code says to people while it works


def hush() -> None:
    """Silences the start-up noise of TensorFlow and Google's libraries; to be called before they are imported.

    What fails in them reaches us as an exception all the same.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    os.environ.setdefault("PYTHONWARNINGS", "ignore")  # of Beam's workers, which are processes of their own
    warnings.filterwarnings("ignore")
    quiet_tensorflow()


@contextmanager
def logs_in(path: Path, *, verbose: bool) -> Iterator[TextIO]:
    """While in here, logs and warnings go to the file `path`, and when `verbose` to the terminal as well.

    Without `verbose` so does all that is written to stdout and stderr, as C++ libraries do past Python's logging.
    The log of the run before is kept as `<path>.1`.

    Yields:
        The terminal, for what people should see.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        with suppress(FileNotFoundError):
            path.replace(f"{path}.1")
        file = path.open("w", encoding="utf-8", buffering=1)
    except OSError as error:
        raise UserError(f"{path}: cannot write the log: {error.strerror}") from error
    with file, nullcontext(sys.stderr) if verbose else _output_in(file) as terminal:
        streams = [file, terminal] if verbose else [file]
        with warnings.catch_warnings(), _handlers([logging.StreamHandler(stream) for stream in streams]):
            warnings.simplefilter("default")
            yield terminal


@contextmanager
def _handlers(handlers: list[logging.StreamHandler]) -> Iterator[None]:
    """Has these alone handle what is logged, from INFO on."""
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname).1s %(name)s: %(message)s"))
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:] = handlers
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        root.handlers[:] = before
        root.setLevel(level)


@contextmanager
def _output_in(file: TextIO) -> Iterator[TextIO]:
    """Sends what the process writes to stdout and stderr into `file`; yields the real stderr."""
    _flush()
    real = {fd: os.dup(fd) for fd in (1, 2)}
    for fd in real:
        os.dup2(file.fileno(), fd)
    try:
        encoding = sys.stderr.encoding
        with os.fdopen(os.dup(real[2]), "w", buffering=1, encoding=encoding, errors="backslashreplace") as terminal:
            yield terminal
    finally:
        _flush()
        for fd, duplicate in real.items():
            os.dup2(duplicate, fd)
            os.close(duplicate)


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
