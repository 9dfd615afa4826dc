"""What a task comes after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def upstream(task: Mapping[str, Any]) -> set[str]:
    """Names of the tasks whose artifacts it takes, and of those it is told to wait for."""
    sources = task.get("inputs", {}).get("artifacts", {}).values()
    return {*task.get("dependentTasks", ()), *(source["taskOutputArtifact"]["producerTask"] for source in sources)}
