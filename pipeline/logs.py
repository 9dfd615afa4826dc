"""Keeps the terminal for people and the whole log in a file."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

PROGRESS_LOGGER = "segpipe"  # what our own code says to people while it works


def hush() -> None:
    """Silences the start-up noise of TensorFlow and Google's libraries; to be called before they are imported.

    What fails in them reaches us as an exception all the same.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    warnings.filterwarnings("ignore")


@contextmanager
def logs_in(path: Path, *, verbose: bool) -> Iterator[TextIO]:
    """While in here, every log goes to the file `path`, and when `verbose` to the terminal as well.

    Without `verbose` that holds for all that is written to stderr, as C++ libraries do past Python's logging.

    Yields:
        The terminal, for what people should see.
    """
    with path.open("w", encoding="utf-8", buffering=1) as file, _stderr_in(None if verbose else file) as terminal:
        handlers = [logging.StreamHandler(stream) for stream in ([file, terminal] if verbose else [file])]
        for handler in handlers:
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname).1s %(name)s: %(message)s"))
        # absl, which TFX logs with, puts a handler of its own on the root logger when it is first imported.
        from absl import logging as absl_logging

        absl_logging.use_absl_handler()
        logging.captureWarnings(True)
        root = logging.getLogger()
        before, level = root.handlers[:], root.level
        root.handlers[:] = handlers
        root.setLevel(logging.INFO)
        try:
            yield terminal
        finally:
            root.handlers[:] = before
            root.setLevel(level)
            logging.captureWarnings(False)


@contextmanager
def _stderr_in(file: TextIO | None) -> Iterator[TextIO]:
    """Sends what the process writes to stderr into `file`, if one is given; yields the real stderr."""
    if file is None:
        yield sys.stderr
        return
    sys.stderr.flush()
    real = os.dup(2)
    os.dup2(file.fileno(), 2)
    try:
        with os.fdopen(os.dup(real), "w", buffering=1) as terminal:
            yield terminal
    finally:
        os.dup2(real, 2)
        os.close(real)
