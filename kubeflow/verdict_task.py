"""A task that is there to be executed or skipped: Kubeflow's API tells of a run the states of its tasks, no figures."""

from __future__ import annotations

from typing import Any

VERDICT_TASK = "Blessed"
_GATE, _BLESSING = "Gate", "blessing"

# As TFX compiles `Cond(blessing.future()[0].custom_property("blessed") == 1)`.
CONDITION = f"inputs.artifacts['{_BLESSING}'].artifacts[0].metadata['blessed'] == 1.0"


def add_verdict_task(spec: dict[str, Any], image: str) -> None:
    """Adds the task `Blessed`: it succeeds where the gate blessed the model, and is skipped where it did not.

    Args:
        spec: a PipelineSpec as a JSON object, with the `Gate`; changed in place.
        image: any that the cluster can run; nothing happens in it.
    """
    blessing = spec["components"][_GATE]["outputDefinitions"]["artifacts"][_BLESSING]
    label = f"{VERDICT_TASK}_executor"
    spec["components"][VERDICT_TASK] = {
        "executorLabel": label,
        "inputDefinitions": {"artifacts": {_BLESSING: {"artifactType": dict(blessing["artifactType"])}}},
    }
    spec["deploymentSpec"]["executors"][label] = {"container": {"image": image, "command": ["true"]}}
    spec["root"]["dag"]["tasks"][VERDICT_TASK] = {
        "taskInfo": {"name": VERDICT_TASK},
        "componentRef": {"name": VERDICT_TASK},
        "dependentTasks": [_GATE],
        "inputs": {
            "artifacts": {_BLESSING: {"taskOutputArtifact": {"producerTask": _GATE, "outputArtifactKey": _BLESSING}}}
        },
        "triggerPolicy": {"condition": CONDITION},
        "cachingOptions": {},
    }
