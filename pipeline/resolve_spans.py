"""Finds the files that ExampleGen will take for patterns with spans and versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from pipeline.placeholders import DATE, placeholders
from schema.user_error import UserError

_EPOCH = date(1970, 1, 1)


class _Edition(NamedTuple):
    """What a file belongs to; of two, the greater is the newer."""

    span: int
    version: int = 0

    def describe(self, names: Iterable[str]) -> str:
        """In the words of a pattern's placeholders."""
        dated = f" ({_EPOCH + timedelta(self.span)})" if "YYYY" in names else ""
        return f"span {self.span}{dated}{f', version {self.version}' if 'VERSION' in names else ''}"


def resolve_spans(folder: Path, patterns: Mapping[str, str], span: int | None) -> dict[str, str]:
    """Fills the placeholders in as TFX's driver of ExampleGens does: newest span, then its newest version.

    That one's own errors are stack traces.

    Args:
        folder: where the files are.
        patterns: by key of the `data` section.
        span: the one to take instead of the newest; a date counts from 1970-01-01, in days.

    Raises:
        UserError: files of a pattern are missing or have no numbers, or the patterns have not the same newest files.
    """
    held = {key: placeholders(pattern) for key, pattern in patterns.items()}
    if not any(held.values()):
        return dict(patterns)
    if len({frozenset(names) for names in held.values()}) > 1:
        raise UserError(f"data: {' and '.join(patterns.values())} should hold the same placeholders")
    newest: dict[str, _Edition] = {}
    for key, pattern in patterns.items():
        editions = _editions(folder, key, pattern)
        wanted = [edition for edition in editions if span in (None, edition.span)]
        if not wanted:
            spans = ", ".join(str(number) for number in sorted({edition.span for edition in editions})) or "none"
            what = "file" if span is None else f"file of span {span}"
            raise UserError(f"data.{key}: no {what} in {folder} matches {pattern}; spans that are there: {spans}")
        newest[key] = max(wanted)
    (first, edition), *others = newest.items()
    for key, other in others:
        if other != edition:
            raise UserError(
                f"data.{key}: the newest files are of {other.describe(held[key])}, those of data.{first} of "
                f"{edition.describe(held[first])}; bring what is missing, or take a span that both have with data.span"
            )
    return {key: _fill(key, pattern, edition) for key, pattern in patterns.items()}


def _editions(folder: Path, key: str, pattern: str) -> set[_Edition]:
    regex = re.compile(_regex(pattern))
    found = set()
    try:
        paths = list(folder.glob(re.sub(r"(\{[^}]*\}|\*)+", "*", pattern)))
    except (ValueError, IndexError, NotImplementedError) as error:
        raise UserError(f"data.{key}: {pattern} is no file pattern: {error}") from error
    for path in paths:
        name = path.relative_to(folder).as_posix()
        match = regex.match(name)
        try:
            numbers = {part: int(text) for part, text in match.groupdict().items()} if match else {}
            if "YYYY" in numbers:
                numbers["SPAN"] = (date(*(numbers[part] for part in DATE)) - _EPOCH).days
            found.add(_Edition(numbers["SPAN"], numbers.get("VERSION", 0)))
        except (ValueError, KeyError) as error:
            raise UserError(
                f"data.{key}: {folder / name} has no number or date where {pattern} asks for one; rename it, take it "
                "out, or narrow the pattern"
            ) from error
    return found


def _regex(pattern: str) -> str:
    """That of TFX, by which a placeholder takes as much as it can."""
    for plain, special in ((".", r"\."), ("+", r"\+"), ("*", "[^/]*"), ("?", "[^/]"), ("(", r"\("), (")", r"\)")):
        pattern = pattern.replace(plain, special)
    for name, width in placeholders(pattern).items():
        digits = {"YYYY": 4, "MM": 2, "DD": 2}.get(name, width)
        many = f"{{{digits}}}" if digits else "*"
        pattern = re.sub(rf"\{{{name}(:\d+)?\}}", f"(?P<{name}>.{many})", pattern)
    return pattern


def _fill(key: str, pattern: str, edition: _Edition) -> str:
    held = placeholders(pattern)
    day = _EPOCH + timedelta(edition.span) if "YYYY" in held else _EPOCH
    values = {"SPAN": edition.span, "VERSION": edition.version, "YYYY": day.year, "MM": day.month, "DD": day.day}
    for name, width in held.items():
        digits = {"YYYY": 4, "MM": 2, "DD": 2}.get(name, width or 0)
        text = str(values[name]).zfill(digits)
        pattern = re.sub(rf"\{{{name}(:\d+)?\}}", text, pattern)
    return pattern
