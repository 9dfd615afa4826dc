"""The token that a server asks for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from schema.user_error import UserError

TOKEN, TOKEN_FILE = "KFP_EXISTING_TOKEN", "KF_PIPELINES_SA_TOKEN_PATH"  # kfp's own names


def token_source(file: Path | None) -> Callable[[], str] | None:
    """How to come by the token, now and again: what is in a file may be renewed while a run is waited for.

    Args:
        file: where it is; by default it is the value of `KFP_EXISTING_TOKEN`, or in the file that
            `KF_PIPELINES_SA_TOKEN_PATH` names.

    Returns:
        What gives the token, or None where there is none. It raises `UserError` as this does.

    Raises:
        UserError: the token cannot be read, or is none.
    """
    value, path = os.environ.get(TOKEN), file or os.environ.get(TOKEN_FILE)
    if file is None and value:
        source = partial(_checked, value, TOKEN)
    elif path:
        source = partial(_read, Path(path))
    else:
        return None
    source()
    return source


def _read(path: Path) -> str:
    try:
        return _checked(path.read_text(encoding="ascii", errors="replace"), str(path))
    except OSError as error:
        raise UserError(f"{path}: the token cannot be read: {error.strerror}") from error


def _checked(text: str, place: str) -> str:
    token = text.strip()
    if not re.fullmatch("[!-~]+", token):  # it is never shown, not even a wrong one
        raise UserError(f"{place} has no token in it: one word of plain characters")
    return token
