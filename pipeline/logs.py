"""Keeps the terminal for people and the whole log in a file."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def hush() -> None:
    """Silences TensorFlow's start-up noise, errors apart; to be called before it is imported."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    warnings.filterwarnings("ignore")


@contextmanager
def set_up_logs(path: Path, progress: Callable[[str], None], *, verbose: bool) -> Iterator[None]:
    """While in here, every log goes to the file `path`, our own progress to `progress`, and all of it to the terminal
    when `verbose`."""
    if not verbose:
        hush()
    logging.captureWarnings(True)
    formatter = logging.Formatter("%(asctime)s %(levelname).1s %(name)s: %(message)s")
    file = logging.FileHandler(path, mode="w", encoding="utf-8")
    handlers: list[logging.Handler] = [file]
    if verbose:
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in handlers:
        handler.setFormatter(formatter)
    # absl, which TFX logs with, puts a handler of its own on the root logger when it is imported.
    from absl import logging as absl_logging

    root = logging.getLogger()
    before = root.handlers[:], root.level
    absl_logging.use_absl_handler()
    root.handlers[:] = handlers
    root.setLevel(logging.INFO)
    ours = _Forward(progress)
    logging.getLogger("segpipe").addHandler(ours)
    try:
        yield
    finally:
        logging.getLogger("segpipe").removeHandler(ours)
        root.handlers[:], level = before[0], before[1]
        root.setLevel(level)
        file.close()


class _Forward(logging.Handler):
    def __init__(self, progress: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        self._progress(record.getMessage())
