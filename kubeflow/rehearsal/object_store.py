"""A folder that stands for an object store."""

from __future__ import annotations

import shutil
from pathlib import Path


class ObjectStore:
    """Objects under keys, and no folders: what is empty does not exist.

    Args:
        folder: `minio://BUCKET/KEY` is the file `FOLDER/BUCKET/KEY`, whatever the scheme.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, uri: str) -> Path:
        """Where the object lies, or all whose keys begin with this one and a slash."""
        return self._folder / uri.partition("://")[2]

    def upload(self, local: Path, uri: str) -> None:
        """Stores a file, or every file of a folder; nothing where there is neither, as KFP's launcher does."""
        _copy(local, self.path(uri))

    def download(self, uri: str, local: Path) -> None:
        """Fetches what `upload` stored; nothing where there is nothing, which is no mistake to KFP's launcher."""
        _copy(self.path(uri), local)


def _copy(source: Path, target: Path) -> None:
    files = [source] if source.is_file() else [file for file in source.rglob("*") if file.is_file()]
    for file in files:
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
