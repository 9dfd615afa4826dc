"""A run's configuration as MLflow's parameters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_LONGEST = 6000  # characters of a value, by MLflow


def parameters(config: Mapping[str, Any], hyperparameters: Mapping[str, Any]) -> dict[str, str]:
    """Values by dotted key, as in `--set`; lists are JSON, and what MLflow has no room for is cut.

    Args:
        config: sections and values, fit for JSON.
        hyperparameters: what a tuner has chosen in place of values of the section `training`.
    """
    values = {**dict(_flat(config, "")), **dict(_flat(hyperparameters, "training."))}
    return {key: value[:_LONGEST] for key, value in values.items()}


def _flat(section: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in section.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value if isinstance(value, str) else json.dumps(value)
