"""What a worker does in the small job before a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems

from pipeline.beam.installed_versions import installed_versions

OTHER_VERSIONS = "segpipe, other versions: "


class CheckWorker(beam.DoFn):
    """Compares the worker's versions with ours, and leaves a file where the worker should be able to write.

    A class, because Beam sends functions as byte code, which another Python cannot read.

    Args:
        expected: our `installed_versions()`.
        file: to be written, empty; None for none.

    Raises:
        RuntimeError: the versions differ. The message has `OTHER_VERSIONS` and the worker's, as a JSON object.
    """

    def __init__(self, expected: dict[str, str], file: str | None) -> None:
        self._expected = expected
        self._file = file

    def process(self, element: Any) -> Iterator[None]:
        """Does it once for an element, whatever it is; yields nothing."""
        found = installed_versions()
        if found != self._expected:
            raise RuntimeError(OTHER_VERSIONS + json.dumps(found))
        if self._file:
            FileSystems.create(self._file).close()
        yield from ()
