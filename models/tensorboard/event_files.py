"""TensorBoard's files, in which no step is twice after a restart."""

from __future__ import annotations

import re

import tensorflow as tf

_NAME = re.compile(r"events\.out\.tfevents\..*\.after-(\d+)")


class EventFiles:
    """A row of files: each is ended where a checkpoint is written, and the next one begun behind it.

    A restart at a checkpoint removes the files that were begun there or later. What is left is what an uninterrupted
    training would have, whatever reads it.

    Args:
        directory: any path `tf.io.gfile` knows; made when missing.
    """

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self._writer: tf.summary.SummaryWriter | None = None

    def restart(self, step: int) -> None:
        """Removes what is of steps after `step`, where there was a checkpoint or where training begins."""
        for name, start in self._starts().items():
            if start >= step:
                tf.io.gfile.remove(f"{self.directory}/{name}")

    def writer(self, step: int) -> tf.summary.SummaryWriter:
        """What events of `step` go to."""
        if self._writer is None:
            self._writer = tf.summary.create_file_writer(self.directory, filename_suffix=f".after-{step - 1:08d}")
        return self._writer

    def end(self) -> None:
        """Ends the file; to be called where a checkpoint follows, and at the end."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def copy_to(self, directory: str) -> None:
        """Copies all files; `directory` exists and is any path that `tf.io.gfile` knows."""
        for name in self._starts():
            tf.io.gfile.copy(f"{self.directory}/{name}", f"{directory}/{name}", overwrite=True)

    def _starts(self) -> dict[str, int]:
        """The step after which each file was begun."""
        if not tf.io.gfile.isdir(self.directory):
            return {}
        matches = map(_NAME.fullmatch, tf.io.gfile.listdir(self.directory))
        return {match[0]: int(match[1]) for match in matches if match}
