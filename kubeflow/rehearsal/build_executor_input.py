"""What the driver of Kubeflow Pipelines tells a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kubeflow.local_path import local_path
from schema.user_error import UserError

Produced = dict[tuple[str, str], dict[str, Any]]
"""Artifacts that are there, as `RuntimeArtifact` objects, by task and output key."""

_TYPES = {
    "STRING": (str,),
    "NUMBER_INTEGER": (int, float),
    "NUMBER_DOUBLE": (int, float),
    "BOOLEAN": (bool,),
    "LIST": (list,),
    "STRUCT": (dict,),
}


def build_executor_input(
    name: str, task: Mapping[str, Any], component: Mapping[str, Any], produced: Produced, task_root: str, copies: str
) -> dict[str, Any]:
    """An `ExecutorInput` as a JSON object: parameters, artifacts with their types, and where outputs go.

    Args:
        name: of the task.
        task: its `PipelineTaskSpec`.
        component: its `ComponentSpec`.
        produced: what the tasks before have made.
        task_root: the URI below which its own artifacts go.
        copies: the folder of local copies, see `local_path`.

    Raises:
        UserError: a parameter is not of its type, or comes from where it cannot come.
    """
    outputs = component.get("outputDefinitions", {})
    artifacts = task.get("inputs", {}).get("artifacts", {})
    return {
        "inputs": {
            "parameterValues": _parameters(name, task, component),
            "artifacts": {key: {"artifacts": [_produced(source, produced)]} for key, source in artifacts.items()},
        },
        "outputs": {
            "artifacts": {
                key: {"artifacts": [{"name": key, "uri": f"{task_root}/{key}", "type": output["artifactType"]}]}
                for key, output in outputs.get("artifacts", {}).items()
            },
            "parameters": {
                key: {"outputFile": f"{copies}/tmp/kfp/outputs/{key}"} for key in outputs.get("parameters", {})
            },
            "outputFile": f"{local_path(task_root, copies)}/output_metadata.json",
        },
    }


def _produced(source: Mapping[str, Any], produced: Produced) -> dict[str, Any]:
    output = source["taskOutputArtifact"]
    return produced[output["producerTask"], output["outputArtifactKey"]]


def _parameters(name: str, task: Mapping[str, Any], component: Mapping[str, Any]) -> dict[str, Any]:
    given = task.get("inputs", {}).get("parameters", {})
    values = {}
    for key, definition in component.get("inputDefinitions", {}).get("parameters", {}).items():
        if key in given:
            values[key] = _constant(name, key, given[key], definition["parameterType"])
        elif "defaultValue" in definition:
            values[key] = definition["defaultValue"]
        elif not definition.get("isOptional"):
            raise UserError(f"{name}: has no value for its parameter {key}")
    return values


def _constant(name: str, key: str, source: Mapping[str, Any], kind: str) -> Any:
    value = source.get("runtimeValue", {}).get("constant")
    if value is None:
        raise UserError(f"{name}: a rehearsal takes constants alone; its parameter {key} has {', '.join(source)}")
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "BOOLEAN"):
        raise UserError(f"{name}: its parameter {key} should be a {kind}, got {value!r}")
    if isinstance(value, str) and "{{$" in value:
        raise UserError(f"{name}: its parameter {key} has a placeholder, which a rehearsal does not fill: {value[:60]}")
    return value
