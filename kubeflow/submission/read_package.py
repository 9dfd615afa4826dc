"""A compiled pipeline, as it is submitted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2

from kubeflow.check_spec import check_spec
from kubeflow.verdict_task import CONDITION, VERDICT_TASK
from schema.user_error import UserError

_HOW = "make one with segpipe compile CONFIG --out FILE.yaml"


@dataclass(frozen=True)
class Package:
    """A compiled pipeline."""

    path: Path
    name: str  # of the pipeline
    tasks: tuple[str, ...]  # by name
    digest: str  # of the file: what is named so is the same pipeline


def read_package(path: Path) -> Package:
    """Reads what `segpipe compile` wrote.

    Raises:
        UserError: the file cannot be read, is no compiled pipeline, holds what Kubeflow Pipelines does not execute, or
            cannot tell whether its model was blessed.
    """
    if path.suffix not in (".yaml", ".yml"):
        raise UserError(f"{path}: Kubeflow Pipelines takes a .yaml file; {_HOW}")
    try:
        content = path.read_bytes()
        documents = list(yaml.safe_load_all(content))
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: 2024-13-45 looks like a date
        raise UserError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    spec, platform = _split(path, documents)
    try:
        check_spec(spec, platform)
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    tasks = spec["root"]["dag"]["tasks"]
    if tasks.get(VERDICT_TASK, {}).get("triggerPolicy", {}).get("condition") != CONDITION:
        raise UserError(
            f"{path} has no task {VERDICT_TASK}, from which the verdict is known: it was compiled by an older segpipe, "
            f"or for another target; {_HOW}"
        )
    return Package(path, spec["pipelineInfo"]["name"], tuple(sorted(tasks)), hashlib.sha256(content).hexdigest()[:12])


def _split(path: Path, documents: list[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The PipelineSpec and the platform spec, `{}` where there is none; both have the form that their schema asks."""
    if not 1 <= len(documents) <= 2 or not all(isinstance(document, dict) for document in documents):
        raise UserError(f"{path} is no compiled pipeline; {_HOW}")
    spec, platform = documents[0], documents[1] if len(documents) > 1 else {}
    if "pipelineInfo" not in spec:
        kind = "a configuration" if {"name", "data"} <= set(spec) else "something else"
        raise UserError(f"{path} is no compiled pipeline but {kind}; {_HOW}")
    try:
        parsed = json_format.ParseDict(spec, pipeline_spec_pb2.PipelineSpec())
        json_format.ParseDict(spec.get("deploymentSpec", {}), pipeline_spec_pb2.PipelineDeploymentConfig())
        json_format.ParseDict(platform, pipeline_spec_pb2.PlatformSpec())
    except json_format.ParseError as error:
        raise UserError(f"{path} is no pipeline that Kubeflow understands: {' '.join(str(error).split())}") from error
    complete = parsed.components and parsed.root.dag.tasks and "executors" in spec.get("deploymentSpec", {})
    if not complete or not parsed.pipeline_info.name:
        raise UserError(f"{path} is no whole pipeline: it lacks a name, components, executors or tasks; {_HOW}")
    return spec, platform
