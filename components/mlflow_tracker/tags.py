"""What a run came to, and from what, as MLflow's tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfx import types

from components.origin import origin, stored_id
from components.report.commit import commit
from components.report.lineage import lineage

_LONGEST = 8000  # characters of a value, by MLflow


def tags(metrics: Mapping[str, Any], artifacts: Mapping[str, types.Artifact]) -> dict[str, str]:
    """Values by name.

    Args:
        metrics: what `metrics.json` holds; its `verdict` becomes `blessed`, `pushed`, `version`, where there is one,
            and `verdict`, a line a rule.
        artifacts: by their part in the run; `artifact.PART.id` is the id in the metadata store, where known, and
            `artifact.PART.uri` where it lies.
    """
    verdict = metrics["verdict"]
    sentences = [f"{'✓' if rule['passed'] else '✗'} {rule['sentence']}" for rule in verdict["rules"]]
    found = {
        "blessed": str(verdict["blessed"]).lower(),
        "pushed": str(verdict["pushed"]).lower(),
        "version": verdict["version"] or "",
        "verdict": "\n".join(sentences),
        "mlflow.source.git.commit": commit() or "",  # MLflow's own name: its pages show it
    }
    for package, version in lineage({}, None)["versions"].items():
        found[f"version.{package}"] = version
    for part, artifact in artifacts.items():
        found[f"artifact.{part}.id"] = str(stored_id(artifact) or "")
        found[f"artifact.{part}.uri"] = origin(artifact)
    return {name: value[:_LONGEST] for name, value in found.items() if value}
