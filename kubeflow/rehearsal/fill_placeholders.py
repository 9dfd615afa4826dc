"""Puts a task's inputs and outputs into its command."""

from __future__ import annotations

import json
import re
from typing import Any

from kubeflow.local_path import local_path
from schema.user_error import UserError

_PLACEHOLDER = re.compile(r"\{\{\$.*?\}\}")


def fill_placeholders(argument: str, executor_input: dict[str, Any], copies: str) -> str:
    """One word of a command line, with `{{$}}`, `{{$.inputs.artifacts['model'].uri}}` and their like replaced.

    Args:
        argument: as the spec has it.
        executor_input: as a JSON object.
        copies: the folder of local copies, see `local_path`.

    Raises:
        UserError: a placeholder that the launcher would leave as it is.
    """
    values: dict[str, str] = {"{{$}}": json.dumps(executor_input)}
    for part in ("inputs", "outputs"):
        for key, found in executor_input[part]["artifacts"].items():
            uri = found["artifacts"][0]["uri"]
            values[f"{{{{$.{part}.artifacts['{key}'].uri}}}}"] = uri
            values[f"{{{{$.{part}.artifacts['{key}'].path}}}}"] = local_path(uri, copies) or uri
    for key, value in executor_input["inputs"]["parameterValues"].items():
        values[f"{{{{$.inputs.parameters['{key}']}}}}"] = value if isinstance(value, str) else _text(value)
    for key, parameter in executor_input["outputs"]["parameters"].items():
        values[f"{{{{$.outputs.parameters['{key}'].output_file}}}}"] = parameter["outputFile"]

    def value_of(match: re.Match[str]) -> str:
        if match[0] not in values:
            raise UserError(f"nobody fills the placeholder {match[0]}; known here are {', '.join(values)}")
        return values[match[0]]

    return _PLACEHOLDER.sub(value_of, argument)


def _text(value: Any) -> str:
    """As the launcher, for which every number is a double, writes it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value)
