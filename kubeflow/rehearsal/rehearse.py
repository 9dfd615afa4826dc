"""Executes a compiled pipeline on this machine, task after task, as Kubeflow Pipelines would."""

from __future__ import annotations

import itertools
import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kubeflow.rehearsal.build_executor_input import Produced, build_executor_input
from kubeflow.rehearsal.compiled_pipeline import CompiledPipeline
from kubeflow.rehearsal.condition_holds import condition_holds
from kubeflow.rehearsal.object_store import ObjectStore
from kubeflow.rehearsal.record_outputs import record_artifact
from kubeflow.rehearsal.run_task import Site, run_task
from kubeflow.rehearsal.task_order import task_order
from kubeflow.rehearsal.upstream import upstream
from schema.user_error import UserError

DONE, SKIPPED = "done", "skipped"
_REPORT = ("Report", "report")
_STRATEGIES = ("TRIGGER_STRATEGY_UNSPECIFIED", "ALL_UPSTREAM_TASKS_SUCCEEDED")


def rehearse(
    pipeline: CompiledPipeline,
    folder: Path,
    site: Site,
    say: Callable[[str, str, float], None],
    until: str | None = None,
) -> Path | None:
    """Runs the tasks in order, one at a time; nothing is taken from a cache.

    A task whose condition does not hold is skipped, and so is all that waits for it.

    Args:
        pipeline: what is executed.
        folder: the object store, with the tasks' logs in `logs/`.
        site: executes the commands.
        say: told `(task, DONE or SKIPPED, seconds)` of each task that has ended.
        until: ends after this task, and runs only what that needs.

    Returns:
        The folder of the report, where the pipeline has made one.

    Raises:
        UserError: a task failed, or the pipeline cannot be rehearsed. The disk of a task that failed is left as it is.
    """
    order = task_order(pipeline.tasks, until)
    for name in order:
        _check(name, pipeline, site)
    run = _Run(pipeline, folder, site)
    skipped: set[str] = set()
    for position, name in enumerate(order):
        began = time.monotonic()
        try:
            runs = not skipped & upstream(pipeline.tasks[name]) and run.task(name)
        except UserError as error:
            rest = order[position + 1 :]
            after = f"\nnot run: {', '.join(rest)}" if rest else ""
            raise UserError(f"{name} {error}{after}") from error
        if not runs:
            skipped.add(name)
        say(name, DONE if runs else SKIPPED, time.monotonic() - began)
    site.scratch.remove()
    report = run.produced.get(_REPORT)
    return run.store.path(report["uri"]) if report else None


class _Run:
    """One execution of a pipeline: what has been produced so far."""

    def __init__(self, pipeline: CompiledPipeline, folder: Path, site: Site) -> None:
        self.produced: Produced = {}
        self.store = ObjectStore(folder)
        self._logs = folder / "logs"
        self._pipeline = pipeline
        self._site = site
        self._root = f"{pipeline.root}/{pipeline.name}/{uuid.uuid4()}"
        self._ids = itertools.count(1)

    def task(self, name: str) -> bool:
        """Executes it, if its condition holds; tells whether it did."""
        task, component = self._pipeline.tasks[name], self._pipeline.component(name)
        executor = self._pipeline.executor(name)
        if "importer" in executor:
            ((key, _),) = component["outputDefinitions"]["artifacts"].items()
            self.produced[name, key] = record_artifact(_imported(executor["importer"]), key, next(self._ids))
            return True
        executor_input = build_executor_input(
            name, task, component, self.produced, f"{self._root}/{name}/{uuid.uuid4()}", self._site.scratch.root
        )
        condition = task.get("triggerPolicy", {}).get("condition")
        if condition and not condition_holds(condition, executor_input):
            return False
        outputs = run_task(
            executor["container"],
            self._pipeline.kubernetes(name),
            executor_input,
            self._site,
            self.store,
            self._logs / f"{name}.log",
            self._ids,
            attempts=1 + int(task.get("retryPolicy", {}).get("maxRetryCount", 0)),
        )
        self.produced.update({(name, key): artifact for key, artifact in outputs.items()})
        return True


def _imported(importer: dict[str, Any]) -> dict[str, Any]:
    uri = importer["artifactUri"].get("constant")
    if not uri:
        raise UserError("imports from a URI that is known only when the pipeline runs")
    if "://" not in uri:
        raise UserError(
            f"imports {uri}, which Kubeflow takes from an object store alone: expected minio://, s3://, gs://"
        )
    return {"uri": uri, "type": importer["typeSchema"], "metadata": importer.get("metadata", {})}


def _check(name: str, pipeline: CompiledPipeline, site: Site) -> None:
    strategy = pipeline.tasks[name].get("triggerPolicy", {}).get("strategy", _STRATEGIES[0])
    if strategy not in _STRATEGIES:
        raise UserError(f"{name} is triggered by {strategy}, which a rehearsal does not do")
    kubernetes = pipeline.kubernetes(name)
    for secret in kubernetes.get("secretAsEnv", ()):
        for key in secret["keyToEnv"]:
            if key["envVar"] not in os.environ:
                raise UserError(
                    f"{name} has {key['envVar']} from the secret {secret['secretName']}; a rehearsal takes it from "
                    f"its own environment: set {key['envVar']}"
                )
    site.check(name, kubernetes)
