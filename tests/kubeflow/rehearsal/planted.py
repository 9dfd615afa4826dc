"""Compiled pipelines whose tasks are small scripts instead of TFX's executors, made for what a test is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# What every script begins with: the launcher's side of the contract, spelled out.
BEGIN = """
import json, os, pathlib, sys
given = json.loads(sys.argv[1])
copies = pathlib.Path(os.environ.get("SEGPIPE_COPIES", "/"))
def folder(part, key):
    (artifact,) = given[part]["artifacts"][key]["artifacts"]
    return copies / artifact["uri"].replace("://", "/")
def put(key, name, text):
    folder("outputs", key).mkdir(parents=True, exist_ok=True)
    (folder("outputs", key) / name).write_text(text)
def say(**output):
    pathlib.Path(given["outputs"]["outputFile"]).write_text(json.dumps(output))
"""


def task(
    script: str = "",
    takes: dict[str, str] | None = None,
    makes: tuple[str, ...] = (),
    command: list[str] | None = None,
    parameters: dict[str, Any] | None = None,
    results: tuple[str, ...] = (),
    container: dict[str, Any] | None = None,
    importer: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A task that runs `script`; `takes` is `{"model": "Trainer.model"}`, `results` are output parameters."""
    executor = (
        {"importer": importer}
        if importer
        else {
            "container": {
                "image": "segpipe:1",
                "command": command or ["python", "-c", BEGIN + script, "{{$}}"],
                **(container or {}),
            }
        }
    )
    return {
        "takes": takes or {}, "makes": makes, "parameters": parameters or {}, "results": results,
        "executor": executor, "more": more,
    }  # fmt: skip


def planted(kubernetes: dict[str, Any] | None = None, root: str | None = None, **tasks: dict) -> list[dict]:
    """The documents of a compiled pipeline; `kubernetes` is a KubernetesExecutorConfig by task."""
    spec: dict[str, Any] = {
        "pipelineInfo": {"name": "planted"},
        "schemaVersion": "2.1.0",
        "components": {name: _component(name, given) for name, given in tasks.items()},
        "deploymentSpec": {"executors": {f"{name}_executor": given["executor"] for name, given in tasks.items()}},
        "root": {"dag": {"tasks": {name: _task(name, given) for name, given in tasks.items()}}},
    }
    if root:
        spec["defaultPipelineRoot"] = root
    executors = {f"{name}_executor": config for name, config in (kubernetes or {}).items()}
    platform = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": executors}}}}
    return [spec, platform] if executors else [spec]


def write(path: Path, documents: list[dict]) -> Path:
    """As `segpipe compile` writes it."""
    path.write_text(yaml.safe_dump_all(documents))
    return path


def artifact_type(name: str) -> dict[str, str]:
    return {"instanceSchema": f"title: test.{name}\ntype: object\n"}


def _component(name: str, given: dict) -> dict[str, Any]:
    kinds = {str: "STRING", int: "NUMBER_INTEGER", float: "NUMBER_DOUBLE", bool: "BOOLEAN"}
    return {
        "executorLabel": f"{name}_executor",
        "inputDefinitions": {
            "artifacts": {key: {"artifactType": artifact_type(key)} for key in given["takes"]},
            "parameters": {key: {"parameterType": kinds[type(value)]} for key, value in given["parameters"].items()},
        },
        "outputDefinitions": {
            "artifacts": {key: {"artifactType": artifact_type(key)} for key in given["makes"]},
            "parameters": {key: {"parameterType": "STRING"} for key in given["results"]},
        },
    }


def _task(name: str, given: dict) -> dict[str, Any]:
    sources = {key: source.split(".") for key, source in given["takes"].items()}
    return {
        "taskInfo": {"name": name},
        "componentRef": {"name": name},
        "inputs": {
            "artifacts": {
                key: {"taskOutputArtifact": {"producerTask": producer, "outputArtifactKey": output}}
                for key, (producer, output) in sources.items()
            },
            "parameters": {key: {"runtimeValue": {"constant": value}} for key, value in given["parameters"].items()},
        },
        **given["more"],
    }
