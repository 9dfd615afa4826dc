"""Writes a changed schema into the text of the old one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from google.protobuf import text_format
from google.protobuf.message import Message
from tensorflow_metadata.proto.v0 import schema_pb2

_BEGINS = re.compile(r"(\w+) \{\s*(#.*)?")


def merge_schema_text(text: str, schema: schema_pb2.Schema) -> str:
    """The text of a schema, in which all that did not change stays as it is, order and comments included.

    That takes a text like our own `schema.pbtxt`: entries that begin and end in the first column, a line a field. Any
    other is written anew, without its comments.

    Args:
        text: of the old schema.
        schema: the new one.
    """
    new = {(kind, entry.name): entry for kind, entry in _entries(schema)}
    lines: list[str] = []
    block: list[str] = []
    for line in text.splitlines():
        if not block and not _BEGINS.fullmatch(line):
            lines.append(line)
            continue
        block.append(line)
        if line.startswith("}"):
            lines += _merged(block, new)
            block = []
    for (kind, _), entry in new.items():  # what was not there before
        lines += [f"{kind} {{", *(f"  {field}" for field in _fields(entry)), "}"]
    merged = "\n".join([*lines, *block, ""])
    try:
        if text_format.Parse(merged, schema_pb2.Schema()) == schema:
            return merged
    except text_format.ParseError:
        pass
    return text_format.MessageToString(schema)


def _merged(block: list[str], new: dict[tuple[str, str], Message]) -> Iterator[str]:
    """The lines of an entry, which is taken out of `new`."""
    try:
        ((kind, before),) = _entries(text_format.Parse("\n".join(block), schema_pb2.Schema()))
        entry = new.pop((kind, before.name), None)
        if entry is None or entry == before:
            yield from block if entry else ()
            return
        fields = [_fields(text_format.Parse(line, type(entry)())) for line in block[1:-1]]
    except (text_format.ParseError, ValueError):
        yield from block
        return
    wanted = _fields(entry)
    stay = {field for line in fields for field in line} & {*wanted}
    wanted = [field for field in wanted if field not in stay]
    yield block[0]
    for line, old in zip(block[1:-1], fields, strict=True):
        if stay.issuperset(old):
            yield line
            continue
        name = re.match(r"\w+", old[0])
        change = next((field for field in wanted if name and re.match(rf"{name[0]}\b", field)), None)
        if change:
            wanted.remove(change)
            comment = re.search(r"\s*#[^\"]*$", line)
            yield f"  {change}{comment[0] if comment else ''}"
    yield from (f"  {field}" for field in wanted)
    yield block[-1]


def _entries(schema: schema_pb2.Schema) -> list[tuple[str, Message]]:
    """What a schema lists, with the kind of each."""
    return [
        (field.name, entry)
        for field, values in schema.ListFields()
        for entry in (values if _is_repeated(values) else [values])
    ]


def _fields(entry: Message) -> list[str]:
    """A line a field."""
    lines = []
    for field, values in entry.ListFields():
        for value in values if _is_repeated(values) else [values]:
            alone = type(entry)()
            if _is_repeated(values):
                getattr(alone, field.name).append(value)
            elif field.message_type:
                getattr(alone, field.name).CopyFrom(value)
                getattr(alone, field.name).SetInParent()
            else:
                setattr(alone, field.name, value)
            lines.append(text_format.MessageToString(alone, as_one_line=True).strip().replace("{ }", "{}"))
    return lines


def _is_repeated(values: Any) -> bool:
    """By the value: protobuf's releases have no property in common that would say so of a field."""
    return not isinstance(values, (Message, str, bytes, int, float))
