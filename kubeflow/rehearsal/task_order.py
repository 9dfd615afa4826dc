"""In which order the tasks of a pipeline run."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from kubeflow.rehearsal.upstream import upstream
from schema.user_error import UserError


def task_order(tasks: Mapping[str, Mapping[str, Any]], until: str | None = None) -> list[str]:
    """Names of tasks, each after those whose artifacts it takes and those it is told to wait for.

    Args:
        tasks: of a PipelineSpec.
        until: only this one and what has to come before it.

    Raises:
        UserError: they wait for each other, or for one that is not there.
    """
    before = {name: upstream(task) for name, task in tasks.items()}
    for name in sorted(before):
        for other in sorted(before[name] - set(tasks)):
            raise UserError(f"{name} waits for {other}, which is no task of this pipeline")
    if until is not None and until not in tasks:
        raise UserError(f"no task {until}; there are {', '.join(tasks)}")
    try:
        order = list(TopologicalSorter(before).static_order())
    except CycleError as error:
        raise UserError(f"the tasks {', '.join(error.args[1])} wait for each other") from error
    if until is None:
        return order
    needed = {until}
    for name in reversed(order):
        if name in needed:
            needed |= before[name]
    return [name for name in order if name in needed]
