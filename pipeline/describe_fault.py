"""Words for what pydantic finds wrong with a configuration."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel


def describe_fault(config: type[BaseModel], fault: Any, sources: Mapping[str, str]) -> str:
    """One line: the key's dotted path, what is wrong with it, and what would be right.

    Args:
        config: what the configuration was held against.
        fault: one of `ValidationError.errors()`.
        sources: where keys came from that are not in the file, by dotted path.
    """
    *parents, key = map(str, fault["loc"])
    name = ".".join((*parents, key))
    section = ".".join(part for part in parents if not part.isdigit())  # a list's items have the same keys
    match fault["type"]:
        case "extra_forbidden" | "invalid_key":
            what = f"unknown key; {_right_key(config, section, key)}"
        case "missing" if key.isdigit():  # a place in a list
            name, what = section, f"too few values, got {fault['input']!r}"
        case "missing":
            what = f"missing; {_keys(config)[f'{section}.{key}'.lstrip('.')]}"
        case "path_type":
            what = f"should be a path, got {fault['input']!r}"
        case "model_type":
            what = f"should be a section of keys and values, got {fault['input']!r}"
        case _:
            message = fault["msg"].removeprefix("Value error, ").replace("Tuple", "List").replace("tuple", "list")
            what = f"{message[0].lower()}{message[1:]}, got {fault['input']!r}"
    source = next((f" ({source})" for path, source in sources.items() if _within(path, name)), "")
    return f"{name}: {what}{source}"


def _right_key(config: type[BaseModel], section: str, key: str) -> str:
    places = [path.rpartition(".")[::2] for path in _keys(config)]
    siblings = [name for parent, name in places if parent == section]
    # Of the places that have the key the first counts: sections of single components come last.
    elsewhere = {name: f"{parent}.{name}".lstrip(".") for parent, name in reversed(places) if parent != section}
    if key in elsewhere:  # `train` at the top may be meant for `training` as well as for `data.train`
        near = [*get_close_matches(key, siblings, n=1, cutoff=0.75), elsewhere[key]]
    else:
        near = get_close_matches(key, siblings, n=1)
        near = near or [elsewhere[name] for name in get_close_matches(key, elsewhere, n=1, cutoff=0.75)]
    return f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(siblings)}"


def _keys(model: type[BaseModel], prefix: str = "") -> dict[str, str]:
    """What every key means, sections included, by dotted path."""
    keys: dict[str, str] = {}
    for name, field in model.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        keys[path] = field.description or ""
        for section in (field.annotation, *get_args(field.annotation)):  # itself, or a list of them
            if isinstance(section, type) and issubclass(section, BaseModel):
                keys |= {path: keys[path] or section.__doc__ or ""} | _keys(section, f"{path}.")
    return keys


def _within(path: str, other: str) -> bool:
    """Whether one key lies in the other, or is it."""
    return f"{path}.".startswith(f"{other}.") or f"{other}.".startswith(f"{path}.")
