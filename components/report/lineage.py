"""Where a report comes from."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version

from tfx import types

from components.origin import origin, stored_id

_PACKAGES = {"TFX": "tfx", "TensorFlow": "tensorflow", "Keras": "keras", "Python": None}


def lineage(inputs: Mapping[str, types.Artifact], commit: str | None) -> dict[str, dict[str, str]]:
    """Versions of what ran and the artifacts that were read, ready to be shown.

    Args:
        inputs: artifacts by their part in the run, as `model_run`.
        commit: of the project's repository, where known.

    Returns:
        `versions`, by name, and `artifacts`, by part: the URI, with the id in the metadata store where there is one.
    """
    versions = {name: version(package) if package else platform.python_version() for name, package in _PACKAGES.items()}
    return {
        "versions": {**versions, **({"Git commit": commit} if commit else {})},
        "artifacts": {_title(part, artifact): origin(artifact) for part, artifact in inputs.items()},
    }


def _title(part: str, artifact: types.Artifact) -> str:
    name = part.capitalize().replace("_", " ")
    number = stored_id(artifact)
    return f"{name}, artifact {number}" if number else name
