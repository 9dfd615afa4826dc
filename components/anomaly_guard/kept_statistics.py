"""A folder of the statistics of data that passed."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timezone

from google.protobuf.message import DecodeError
from tensorflow_metadata.proto.v0 import statistics_pb2
from tfx.dsl.io import fileio

from schema.user_error import UserError

KEPT_STATISTICS = "statistics"  # such a folder in a run_dir

_ENTRY = re.compile(r"(?P<time>\d{8}T\d{6}\.\d{6}Z)-(?P<digest>[0-9a-f]{16})\.pb")
_TIME = "%Y%m%dT%H%M%S.%fZ"


class KeptStatistics:
    """A file for each data that passed, named by the time it last did and by its digest.

    Args:
        folder: a path or a gs:// URI; it need not exist.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def newest(self, other_than: str) -> str | None:
        """The name of the newest entry that has another digest, or None."""
        return max((name for name, digest in self._entries().items() if digest != other_than), default=None)

    def read(self, name: str) -> statistics_pb2.DatasetFeatureStatisticsList:
        """Raises UserError when the entry is broken."""
        with fileio.open(self.path(name), "rb") as file:
            content = file.read()
        try:
            statistics = statistics_pb2.DatasetFeatureStatisticsList.FromString(content)
        except DecodeError:
            statistics = statistics_pb2.DatasetFeatureStatisticsList()
        if len(statistics.datasets) != 1:
            raise UserError(f"{self.path(name)} holds no statistics of earlier data; remove it")
        return statistics

    def keep(self, digest: str, statistics: statistics_pb2.DatasetFeatureStatisticsList) -> None:
        """Adds an entry, whole or not at all; it takes the place of earlier ones of the same digest."""
        earlier = [name for name, kept in self._entries().items() if kept == digest]
        fileio.makedirs(self._folder)
        unfinished = self.path(f".{uuid.uuid4().hex}.unfinished")
        with fileio.open(unfinished, "wb") as file:
            file.write(statistics.SerializeToString())
        fileio.rename(unfinished, self.path(f"{datetime.now(timezone.utc).strftime(_TIME)}-{digest}.pb"))
        for name in earlier:
            fileio.remove(self.path(name))

    def path(self, name: str) -> str:
        return f"{self._folder}/{name}"

    def _entries(self) -> dict[str, str]:
        """Digests by name."""
        if not fileio.isdir(self._folder):
            return {}
        matches = filter(None, map(_ENTRY.fullmatch, fileio.listdir(self._folder)))
        return {match[0]: match["digest"] for match in matches}

    @staticmethod
    def time_of(name: str) -> str:
        """When the data of an entry last passed, for people."""
        return datetime.strptime(name.partition("-")[0], _TIME).strftime("%Y-%m-%d %H:%M UTC")
