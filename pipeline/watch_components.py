"""Tells of a local run's components as they start and end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from absl import logging as absl_logging
from ml_metadata.proto import metadata_store_pb2
from tfx.orchestration import metadata

RUNNING, DONE, CACHED = "running", "done", "cached"

# What LocalDagRunner logs around each component; it offers no other hook.
_STARTS, _ENDS = "Component %s is running.", "Component %s is finished."


@contextmanager
def watch_components(
    connection: metadata_store_pb2.ConnectionConfig, say: Callable[[str, str, float], None]
) -> Iterator[None]:
    """While in here, calls `say(component, state, seconds)` with `RUNNING`, then `DONE` or `CACHED`."""
    watcher = _Watcher(connection, say)
    logger = logging.getLogger("absl")
    verbosity = absl_logging.get_verbosity()
    # By absl's flag, not by the logger's level: TFX parses the flags on its way, which sets the level anew.
    absl_logging.set_verbosity(absl_logging.INFO)
    logger.addHandler(watcher)
    try:
        yield
    finally:
        logger.removeHandler(watcher)
        absl_logging.set_verbosity(verbosity)


class _Watcher(logging.Handler):
    def __init__(self, connection: metadata_store_pb2.ConnectionConfig, say: Callable[[str, str, float], None]) -> None:
        super().__init__(logging.INFO)
        self._connection = connection
        self._say = say
        self._started = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg not in (_STARTS, _ENDS) or not isinstance(record.args, tuple):
            return
        component = str(record.args[0])
        if record.msg == _STARTS:
            self._started = time.monotonic()
            self._say(component, RUNNING, 0.0)
        else:
            self._say(component, self._state(), time.monotonic() - self._started)

    def _state(self) -> str:
        """Of the newest execution, which is that of the component that just ended."""
        with metadata.Metadata(self._connection) as store:
            last = max(store.store.get_executions(), key=lambda execution: execution.id)
        return CACHED if last.last_known_state == metadata_store_pb2.Execution.CACHED else DONE
