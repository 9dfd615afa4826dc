"""Writes docs/configuration.md from the typed configuration: `python -m pipeline.describe_config`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeGuard, get_args

from pydantic import BaseModel

from pipeline.config import Config

_INTRODUCTION = """# Configuration

A run is one YAML file, such as those in `configs/`. Every key can be changed for one run on the command line:
`segpipe run configs/shapes.yaml --set training.steps=100`.

<!-- Written by `make docs`: change the descriptions in pipeline/config.py and models/settings.py instead. -->
"""
_WORDS = {"integer": "integer", "number": "number", "string": "text", "boolean": "true or false", "object": "mapping"}
_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def describe_config() -> str:
    """Every key of a configuration as Markdown: a table a section, with type, default and meaning."""
    return "\n".join([_INTRODUCTION, *_section(Config, "")])


def _section(model: type[BaseModel], prefix: str) -> Iterator[str]:
    yield from [f"## {prefix.rstrip('.')}\n" if prefix else "## At the top\n", f"{model.__doc__}\n"]
    rows: list[str] = []
    schema = model.model_json_schema()
    sections: dict[str, type[BaseModel]] = {}
    for name, field in model.model_fields.items():
        if _is_section(field.annotation):
            sections[name] = field.annotation
            continue
        for item in filter(_is_section, get_args(field.annotation)):
            sections[f"{name}[]"] = item
        value = schema["properties"][name]
        default = "required" if field.is_required() else f"`{json.dumps(value['default'])}`".replace('"', "")
        rows.append(f"| `{prefix}{name}` | {_type(value)} | {default} | {field.description} |")
    if rows:
        yield from ["| key | type | default | meaning |", "| --- | --- | --- | --- |", *rows, ""]
    for name, section in sections.items():
        yield from _section(section, f"{prefix}{name}.")


def _is_section(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


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
