"""The TFRecord files of a folder, by split."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from schema.user_error import UserError

_USUAL = {"train": "train-*", "val": "val-*"}


def find_splits(folder: Path, patterns: Mapping[str, str]) -> dict[str, list[str]]:
    """The files of each split, sorted.

    Args:
        folder: where they are.
        patterns: of file names, by split; by default `train-*` and `val-*`, of which one may have no file.

    Raises:
        UserError: there is no such folder, or no file of a split.
    """
    if not folder.is_dir():
        raise UserError(f"no folder {folder}; name one of TFRecords, as segpipe convert and segpipe shapes write them")
    found = {split: _files(folder, pattern) for split, pattern in (patterns or _USUAL).items()}
    missing = [split for split, files in found.items() if not files]
    if missing and (patterns or len(missing) == len(_USUAL)):
        held = ", ".join(sorted(path.name for path in folder.iterdir())[:3]) or "nothing"
        named = " or ".join((patterns or _USUAL)[split] for split in missing)
        raise UserError(f"no file in {folder} matches {named}; it holds {held}; name splits with --split NAME=PATTERN")
    return {split: files for split, files in found.items() if files}


def _files(folder: Path, pattern: str) -> list[str]:
    try:
        return sorted(str(path) for path in folder.glob(pattern) if path.is_file())
    except (ValueError, IndexError, NotImplementedError) as error:
        raise UserError(f"--split: {pattern} is no file pattern: {error}") from error
