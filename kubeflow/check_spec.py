"""Refuses a compiled pipeline that its target would not execute, or would execute as something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from schema.user_error import UserError

TARGETS = ("kfp", "vertex")
_VERSION = "2.1.0"
_EXECUTORS = {"kfp": {"container", "importer"}, "vertex": {"container", "importer", "resolver"}}
_CONTAINER = {
    "kfp": {"image", "command", "args", "resources", "env"},
    "vertex": {"image", "command", "args", "resources", "env", "lifecycle"},
}
_TASK = {"taskInfo", "inputs", "dependentTasks", "cachingOptions", "componentRef", "triggerPolicy", "retryPolicy"}
_PATTERN = re.compile(r"\{(SPAN|VERSION|YYYY|MM|DD)[:}]")


def check_spec(spec: dict[str, Any], platform: dict[str, Any], target: str = "kfp") -> None:
    """Holds a spec against what the target is known to execute.

    Args:
        spec: a PipelineSpec as a JSON object.
        platform: its Kubernetes platform spec; may be empty.
        target: one of `TARGETS`.

    Raises:
        UserError: all that is not allowed, each with the component it is of.
    """
    if target not in TARGETS:
        raise UserError(f"no target {target}; there are {', '.join(TARGETS)}")
    faults = [*_of_the_whole(spec, platform, target)]
    tasks = spec.get("root", {}).get("dag", {}).get("tasks", {})
    for name, task in sorted(tasks.items()):
        faults += [f"{name}: {fault}" for fault in _of_a_task(spec, name, task, tasks, target)]
    if faults:
        raise UserError(f"not executable on {target}:\n" + "\n".join(f"  {fault}" for fault in faults))


def _of_the_whole(spec: dict[str, Any], platform: dict[str, Any], target: str) -> Iterator[str]:
    if spec.get("schemaVersion") != _VERSION:
        yield f"the schema version is {spec.get('schemaVersion')}; expected {_VERSION}"
    parameters = spec.get("root", {}).get("inputDefinitions", {}).get("parameters", {})
    for name in sorted(parameters):
        yield f"runtime parameter {name}: TFX drops its default, so every run would have to state it"
    if platform and target != "kfp":
        yield "Kubernetes settings (node_selector, tolerations, secrets, volumes) are of open-source Kubeflow alone"
    root = spec.get("defaultPipelineRoot", "gs://")
    if target == "vertex" and not root.startswith("gs://"):
        yield f"the pipeline root is {root}; Vertex AI has gs:// alone"


def _of_a_task(spec: dict[str, Any], name: str, task: dict, tasks: dict, target: str) -> Iterator[str]:
    for key in sorted(set(task) - _TASK):
        yield f"{key} is not supported"
    component = spec["components"].get(task.get("componentRef", {}).get("name"))
    if component is None:
        yield "refers to a component that is not in the spec"
        return
    if "dag" in component:
        yield "is a pipeline in the pipeline, which is not supported"
        return
    label = component.get("executorLabel")
    executor = spec["deploymentSpec"]["executors"].get(label)
    if executor is None:
        yield f"has no executor {label}"
        return
    for kind in sorted(set(executor) - _EXECUTORS[target]):
        yield f"is executed by a {kind}; allowed are {', '.join(sorted(_EXECUTORS[target]))}"
    if "container" in executor:
        yield from _of_a_container(executor["container"], target)
    yield from _of_inputs(task.get("inputs", {}), tasks)


def _of_a_container(container: dict, target: str) -> Iterator[str]:
    for key in sorted(set(container) - _CONTAINER[target]):
        what = "a driver before the container (preCacheCheck)" if key == "lifecycle" else key
        yield f"has {what}, which is never run"
    if any("infra_validator" in text for text in container.get("args", [])):
        yield "is an InfraValidator, which needs Docker or a cluster of its own"
    accelerator = container.get("resources", {}).get("accelerator", {}).get("type", "")
    if target == "vertex" and "/" in accelerator:
        yield f"asks for {accelerator}; Vertex AI names accelerators as NVIDIA_TESLA_T4"


def _of_inputs(inputs: dict, tasks: dict) -> Iterator[str]:
    for name, source in sorted(inputs.get("artifacts", {}).items()):
        producer = source.get("taskOutputArtifact", {}).get("producerTask")
        if producer not in tasks:
            yield f"takes {name} from {producer}, which is no task"
    for name, source in sorted(inputs.get("parameters", {}).items()):
        if "runtimeValue" in source:
            yield from _of_a_constant(name, source["runtimeValue"].get("constant"))
        elif "taskOutputParameter" in source:
            yield f"{name} is known only when the pipeline runs, from a producer that TFX misnames"
        elif "componentInputParameter" in source:
            yield f"{name} is a runtime parameter"
        else:
            yield f"{name} is of {', '.join(sorted(source))}, which is not supported"


def _of_a_constant(name: str, value: object) -> Iterator[str]:
    # TFX packs a module_file into a wheel while it compiles, and calls that module_path.
    if name in ("module_file", "module_path") and value:
        yield "has a module_file, for which the image would need pip: name the function by its dotted path"
    if name in ("input_config", "output_config", "input_base") and isinstance(value, str) and _PATTERN.search(value):
        yield f"{name} has a span or version pattern, which nobody would resolve"
