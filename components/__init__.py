"""TFX components of our own.

Kubeflow finds the class of an artifact by its type's name, in which TFX allows for one dot and no more. So the names of
our artifact types are attributes of this package, imported when they are asked for.
"""

from importlib import import_module
from typing import Any

_ARTIFACTS = {
    "LeakFindings": "components.leak_guard.leak_findings",
    "SegmentationReport": "components.report.component",
    "MlflowRun": "components.mlflow_tracker.mlflow_run",
}


def __getattr__(name: str) -> Any:
    if name not in _ARTIFACTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ARTIFACTS[name]), name)
