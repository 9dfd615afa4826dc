"""What Kubeflow Pipelines keeps of a task that has ended: files in the object store, properties in its metadata."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2

from kubeflow.rehearsal.object_store import ObjectStore
from kubeflow.rehearsal.scratch import Scratch
from schema.user_error import UserError


class OutputError(UserError):
    """The launcher would refuse what a task has put out, or nobody would ever find it again."""


def record_outputs(
    executor_input: dict[str, Any], store: ObjectStore, scratch: Scratch, ids: Iterator[int]
) -> dict[str, dict[str, Any]]:
    """Uploads a task's artifacts and gives them back as later tasks will see them.

    Args:
        executor_input: as a JSON object.
        store: uploaded to.
        scratch: where the task has left them.
        ids: of artifacts, in the metadata store.

    Returns:
        `RuntimeArtifact` objects by output key.

    Raises:
        OutputError: the output file has something in it that the launcher does not know, or an artifact is not in the
            object store.
    """
    outputs = executor_input["outputs"]
    said = _read(scratch.path(outputs["outputFile"]))
    missing = set(outputs["parameters"]) - set(said.get("parameterValues", {}))
    if missing:
        raise OutputError(f"no value for the output parameter {', '.join(sorted(missing))}")
    recorded = {}
    for key, provisioned in outputs["artifacts"].items():
        artifact = copy.deepcopy(provisioned["artifacts"][0])
        for own in said.get("artifacts", {}).get(key, {}).get("artifacts", [])[:1]:
            artifact["uri"] = own.get("uri") or artifact["uri"]
            artifact["metadata"] = artifact.get("metadata", {}) | own.get("metadata", {})
        local = scratch.copy_of(artifact["uri"])
        if local is None:
            raise OutputError(f"{key} is said to be at {artifact['uri']}, which is not in the object store")
        store.upload(local, artifact["uri"])
        recorded[key] = record_artifact(artifact, key, next(ids))
    return recorded


def record_artifact(artifact: dict[str, Any], key: str, number: int) -> dict[str, Any]:
    """A `RuntimeArtifact` after its way through the metadata store, which knows texts, numbers and structures.

    Raises:
        OutputError: a property is null.
    """
    metadata = {name: _stored(name, value) for name, value in artifact.get("metadata", {}).items()}
    own = {"display_name": key, "store_session_info": "{}"}
    return {**artifact, "name": str(number), "metadata": own | metadata}


def _stored(name: str, value: Any) -> Any:
    if value is None:
        raise OutputError(f"the property {name} is null, which the launcher refuses")
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, list):
        return {"list": value}
    return {"struct": value} if isinstance(value, dict) else value


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    output = pipeline_spec_pb2.ExecutorOutput()
    try:
        json_format.Parse(path.read_text(encoding="utf-8"), output)
    except (UnicodeDecodeError, json_format.ParseError) as error:
        raise OutputError(f"the launcher cannot read the output file: {error}") from error
    return json_format.MessageToDict(output)
