"""Reads a list of image names, as VOC and SBD have them."""

from __future__ import annotations

from pathlib import Path

from schema.user_error import UserError


def read_list(path: Path) -> list[str]:
    """The names in a file that has one a line, each once, in their order; blank lines are none.

    Raises:
        UserError: the file is missing or no text.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot read the list of images, expected one name a line: {error}") from error
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))
