"""What came of trials, kept where a search that is killed finds it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import tensorflow as tf


class TrialResults:
    """One small JSON file a trial, whole or not there.

    Args:
        directory: any path `tf.io.gfile` knows, this search's alone; made when missing.
    """

    def __init__(self, directory: str) -> None:
        self.directory = directory

    def get(self, trial: str) -> dict[str, Any] | None:
        """What was put for this trial, None where nothing was."""
        if not tf.io.gfile.exists(self._path(trial)):
            return None
        with tf.io.gfile.GFile(self._path(trial)) as file:
            return json.loads(file.read())

    def put(self, trial: str, result: Mapping[str, Any]) -> None:
        """Keeps a result, which JSON has words for."""
        tf.io.gfile.makedirs(self.directory)
        partial = f"{self.directory}/partial"
        with tf.io.gfile.GFile(partial, "w") as file:
            file.write(json.dumps(result))
        tf.io.gfile.rename(partial, self._path(trial), overwrite=True)

    def remove(self) -> None:
        """Removes the directory, with all that lies in it."""
        if tf.io.gfile.isdir(self.directory):
            tf.io.gfile.rmtree(self.directory)

    def _path(self, trial: str) -> str:
        return f"{self.directory}/trial-{trial}.json"
