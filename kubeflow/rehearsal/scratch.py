"""The file system that a task has for itself while it runs."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from kubeflow.local_path import FOLDERS, local_path

FOLDER_NAMES = (*FOLDERS.values(), "tmp")


@dataclass(frozen=True)
class Scratch:
    """Holds the launcher's copies and the task's outputs.

    Attributes:
        folder: where it is.
        root: what a task sees it as, an absolute path.
    """

    folder: Path
    root: str

    def path(self, seen: str) -> Path:
        """Where we find what the task sees at `seen`."""
        return self.folder / seen.removeprefix(self.root).lstrip("/")

    def copy_of(self, uri: str) -> Path | None:
        """Where we find the copy of an artifact; None where there can be none."""
        seen = local_path(uri, self.root)
        return None if seen is None else self.path(seen)

    def wipe(self) -> None:
        """Leaves nothing but empty folders, in which whoever the task runs as may write."""
        self.remove()
        for name in FOLDER_NAMES:
            (self.folder / name).mkdir(parents=True)
            (self.folder / name).chmod(0o777)

    def remove(self) -> None:
        """Leaves nothing at all."""
        shutil.rmtree(self.folder, ignore_errors=True)
