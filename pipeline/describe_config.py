"""Writes docs/configuration.md from the typed configuration: `python -m pipeline.describe_config`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from pipeline.config import Config

_INTRODUCTION = """# Configuration

A run is one YAML file, such as those in `configs/`. Every key can be changed for one run on the command line:
`segpipe run configs/shapes.yaml --set training.steps=100`.

<!-- Written by `make docs`: change the descriptions of the settings classes (from pipeline/config.py on) instead. -->
"""
_WORDS = {"integer": "integer", "number": "number", "string": "text", "boolean": "true or false", "object": "mapping"}
_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def describe_config() -> str:
    """Every key of a configuration as Markdown: a table a section, with type, default and meaning."""
    return "\n".join([_INTRODUCTION, *_section(Config, "")])


def _section(model: type[BaseModel], prefix: str, note: str = "") -> Iterator[str]:
    yield f"## {prefix.rstrip('.') or 'At the top'}\n"
    yield f"{cleandoc(str(model.__doc__))}{note}\n"
    rows: list[str] = []
    schema = model.model_json_schema()
    sections: list[tuple[str, type[BaseModel], str]] = []
    for name, field in ((field.alias or name, field) for name, field in model.model_fields.items()):
        section = _section_of(field.annotation)
        listed = get_origin(field.annotation) is tuple
        if section:
            optional = " Optional: by default there is none." if type(None) in get_args(field.annotation) else ""
            sections.append((f"{prefix}{name}{'[]' if listed else ''}", section, optional))
        if listed or not section:
            value = schema["properties"][name]
            default = "required" if field.is_required() else f"`{json.dumps(value['default'])}`".replace('"', "")
            rows.append(f"| `{prefix}{name}` | {_type(value)} | {default} | {field.description} |")
    if rows:
        yield from ["| key | type | default | meaning |", "| --- | --- | --- | --- |", *rows, ""]
    described = [(model, prefix.rstrip(".")), *((section, path) for path, section, _ in sections)]
    for path, section, optional in sections:
        if alike := _alike(section):
            twin = next(place for kind, place in described if issubclass(kind, alike))
            keys, names = (", ".join(f"`{name}`" for name in kind.model_fields) for kind in (alike, section))
            yield from [f"## {path}\n", f"{cleandoc(str(section.__doc__))}\n"]
            yield f"`{path}.NAME` has the keys {keys}, as `{twin}` has; NAME is one of {names}.\n"
        else:
            yield from _section(section, f"{path}.", optional)


def _alike(model: type[BaseModel]) -> type[BaseModel] | None:
    """The class of the sections that a model consists of, if it is one class."""
    kinds = {_section_of(field.annotation) for field in model.model_fields.values()}
    return kinds.pop() if len(kinds) == 1 and len(model.model_fields) > 1 else None


def _section_of(annotation: Any) -> type[BaseModel] | None:
    """The section that a field is, may be, or has a list of."""
    classes = (kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type))
    return next((kind for kind in classes if issubclass(kind, BaseModel)), None)


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return "section"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:  # with null, which the description explains
        return _type(schema["anyOf"][0])
    if schema["type"] == "array":
        items = schema.get("prefixItems", [schema["items"]] if "items" in schema else [])
        return f"[{', '.join(map(_type, items))}{', …' if 'items' in schema else ''}]"
    bounds = [f"{sign} {schema[key]}" for key, sign in _BOUNDS.items() if key in schema]
    return " ".join(["path" if schema.get("format") == "path" else _WORDS[schema["type"]], ", ".join(bounds)]).strip()


if __name__ == "__main__":
    print(describe_config(), end="")
