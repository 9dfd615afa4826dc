"""What `segpipe predict` is asked to look at: files, folders, patterns and TFRecords."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from schema.user_error import UserError

_SUFFIXES = (".jpg", ".jpeg", ".png")


class ImageFile(NamedTuple):
    """An image to be read, and what its outputs are called: a path below the output folder, without a suffix."""

    path: Path
    name: str


class RecordFile(NamedTuple):
    """A TFRecord file of tf.Examples, each with an image, and their names by position where these are settled."""

    path: Path
    names: tuple[str, ...] = ()


def find_images(inputs: Sequence[str]) -> list[ImageFile | RecordFile]:
    """Finds what is there, each once, in the order of the inputs, a folder's and a pattern's sorted.

    A folder is looked through to the bottom, and what lies below a folder in it keeps that path in its name. Files
    named one by one, or by a pattern, need no suffix, and need not exist: whoever reads them says what is wrong.

    Args:
        inputs: images, TFRecord files (with "tfrecord" in their names), folders of either, and patterns such as
            `photos/*.jpg` (`**` for any depth).

    Raises:
        UserError: a folder or a pattern has nothing, or two images would have the same name.
    """
    found: dict[ImageFile | RecordFile, None] = {}
    owners: dict[str, Path] = {}
    for source in (source for given in inputs for source in _expand(given)):
        found[source] = None
        if isinstance(source, ImageFile):
            # In lower case, because some file systems make no difference.
            other = owners.setdefault(source.name.lower(), source.path)
            if other != source.path:
                raise UserError(
                    f"{other} and {source.path} would both be written to {source.name}.mask.png; "
                    "give them different names, or predict them into different folders"
                )
    return list(found)


def _expand(given: str) -> Iterator[ImageFile | RecordFile]:
    path = Path(given)
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file() and _is_wanted(file))
        yield from _some(given, "folder", (_source(file, file.relative_to(path)) for file in files))
    elif glob.has_magic(given) and not path.exists():
        matches = glob.glob(given, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
        files = sorted(file for file in map(Path, matches) if file.is_file())
        yield from _some(given, "pattern", (_source(file, Path(file.name)) for file in files))
    else:
        yield _source(path, Path(path.name))


def _some(given: str, what: str, sources: Iterable[ImageFile | RecordFile]) -> Iterator[ImageFile | RecordFile]:
    empty = True
    for source in sources:
        empty = False
        yield source
    if empty:
        raise UserError(f"{given}: nothing in this {what}; expected images ({', '.join(_SUFFIXES)}) or TFRecord files")


def _is_wanted(file: Path) -> bool:
    return file.suffix.lower() in _SUFFIXES or _is_tfrecord(file)


def _is_tfrecord(file: Path) -> bool:
    return "tfrecord" in file.name.lower() and file.suffix.lower() not in _SUFFIXES


def _source(file: Path, relative: Path) -> ImageFile | RecordFile:
    return RecordFile(file) if _is_tfrecord(file) else ImageFile(file, relative.with_suffix("").as_posix())
