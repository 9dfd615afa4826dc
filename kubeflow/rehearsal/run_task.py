"""What the launcher of Kubeflow Pipelines does around a task's command."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from kubeflow.rehearsal.fill_placeholders import fill_placeholders
from kubeflow.rehearsal.object_store import ObjectStore
from kubeflow.rehearsal.record_outputs import OutputError, record_outputs
from kubeflow.rehearsal.scratch import Scratch
from schema.user_error import UserError

_SHOWN = 12  # lines of the log of a task that failed


class Site(Protocol):
    """Where commands are executed: `ThisMachine` or `Containers`."""

    scratch: Scratch

    def check(self, name: str, kubernetes: Mapping[str, Any]) -> None: ...
    def command(self, container: Mapping, kubernetes: Mapping, words: list[str]) -> list[str]: ...
    def environment(self, container: Mapping[str, Any]) -> dict[str, str]: ...


def run_task(
    container: Mapping[str, Any],
    kubernetes: Mapping[str, Any],
    executor_input: dict[str, Any],
    site: Site,
    store: ObjectStore,
    log: Path,
    ids: Iterator[int],
    attempts: int = 1,
) -> dict[str, dict[str, Any]]:
    """Fetches the inputs, executes the command, stores the outputs; all anew for each attempt, on an empty disk.

    Args:
        container: the task's `PipelineContainerSpec`.
        kubernetes: its `KubernetesExecutorConfig`.
        executor_input: as a JSON object.
        site: executes the command.
        store: holds the artifacts.
        log: gets all that the command writes.
        ids: of artifacts, in the metadata store.
        attempts: how often it may be tried; without a pause between, which the cluster makes.

    Returns:
        Its artifacts as later tasks will see them, by output key.

    Raises:
        UserError: why it failed, with the last lines of the log.
    """
    words = [
        fill_placeholders(word, executor_input, site.scratch.root)
        for word in (*container["command"], *container.get("args", ()))
    ]
    command = site.command(container, kubernetes, words)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    reason = ""
    for _ in range(attempts):
        _prepare(executor_input, site.scratch, store)
        code = _execute(command, site.environment(container), site.scratch.folder, log)
        if code:
            reason = f"exit code {code}"
            continue
        try:
            return record_outputs(executor_input, store, site.scratch, ids)
        except OutputError as error:
            reason = str(error)
    tried = f", {attempts} times" if attempts > 1 else ""
    raise UserError(f"failed{tried}: {reason}\n{_last_lines(log)}\n  (from {log})")


def _prepare(executor_input: Mapping[str, Any], scratch: Scratch, store: ObjectStore) -> None:
    scratch.wipe()
    for found in executor_input["inputs"]["artifacts"].values():
        for artifact in found["artifacts"]:
            copy = scratch.copy_of(artifact["uri"])
            if copy is not None:
                store.download(artifact["uri"], copy)
    outputs = executor_input["outputs"]
    seen = [parameter["outputFile"] for parameter in outputs["parameters"].values()]
    for parent in {scratch.path(path).parent for path in (*seen, outputs["outputFile"])}:
        parent.mkdir(parents=True, exist_ok=True)
    for path in scratch.folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o777)  # whoever the task runs as


def _execute(command: list[str], environment: dict[str, str], folder: Path, log: Path) -> int:
    environment = {"PYTHONUNBUFFERED": "1", **environment}  # as in the image, lest stderr come before stdout
    with log.open("ab") as file:
        try:
            return subprocess.run(
                command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
            ).returncode
        except OSError as error:
            raise UserError(f"cannot start {command[0]}: {error.strerror}") from error


def _last_lines(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_SHOWN:]
    return "\n".join(f"  {line}" for line in lines or ["it wrote nothing"])
