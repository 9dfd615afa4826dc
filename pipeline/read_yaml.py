"""YAML as a person means it: a key given twice is an error, and errors are one line."""

from __future__ import annotations

from typing import Any

import yaml

from schema.user_error import UserError


def read_yaml(text: str, name: str) -> Any:
    """The value of a YAML text.

    Raises:
        UserError: it is not YAML, or repeats a key. One line that starts with `name` and, in a text of several lines,
            the number of the line.
    """
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark and "\n" in text else ""
        raise UserError(f"{name}{line}: {error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: 2024-13-45 looks like a date
        raise UserError(f"{name}: {' '.join(str(error).split())}") from error


class _Loader(yaml.SafeLoader):
    """PyYAML keeps the last of repeated keys in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"{key.value} is given twice", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)
