"""What Beam's workers and we have to agree on."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version

from pipeline.code_fingerprint import code_fingerprint

_PACKAGES = {"Beam": "apache-beam", "TFX": "tfx", "TensorFlow": "tensorflow"}
_CODE = ("components", "models", "pipeline.prediction", "schema")  # what workers execute


def installed_versions() -> dict[str, str]:
    """Versions by name, Python and segpipe's own code included; `none` for what is not installed. Imports nothing."""
    found = {"Python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name, package in _PACKAGES.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            found[name] = "none"
    try:
        found["segpipe's code"] = code_fingerprint(*_CODE)
    except ValueError:
        found["segpipe's code"] = "none"
    return found
