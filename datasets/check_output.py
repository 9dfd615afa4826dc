"""Whether a folder may become the output of a conversion; quick, so that nobody waits for TensorFlow to hear no."""

from __future__ import annotations

from pathlib import Path

from schema.label_map import FILE_NAME
from schema.user_error import UserError


def check_output(out: str | Path, *, overwrite: bool) -> Path:
    """The absolute path of `out`, when records may be written there.

    Args:
        out: a folder that is missing or empty.
        overwrite: it may also hold an earlier conversion, and nothing else.

    Raises:
        UserError: it is something else.
    """
    out = Path(out).resolve()
    if out.is_mount():
        raise UserError(f"{out} is a mount point, which cannot be replaced in one step; name a folder inside it")
    if not out.exists():
        return out
    if not out.is_dir():
        raise UserError(f"{out} is a file, expected a folder to write records to")
    names = [path.name for path in out.iterdir()]
    if names and not overwrite:
        raise UserError(f"{out} is not empty; choose another folder, or replace it as a whole with --overwrite")
    foreign = sorted(name for name in names if name != FILE_NAME and not name.endswith(".tfrecord"))
    if foreign:  # --overwrite on, say, a home folder must not delete it
        raise UserError(f"{out} holds other things than records, e.g. {foreign[0]}; it is not overwritten")
    return out
