"""What the server knows of a run, by task."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# Of Kubeflow's states, what people ask for.
_STATES = {
    "PENDING": "running",
    "RUNNING": "running",
    "SUCCEEDED": "done",
    "SKIPPED": "skipped",
    "FAILED": "failed",
    "CANCELED": "failed",
}


@dataclass(frozen=True)
class TaskState:
    """Where a task is: `running`, `done`, `skipped` or `failed`."""

    state: str
    seconds: float = 0.0  # that it took, once it has ended


def task_states(run: Any, tasks: Iterable[str]) -> dict[str, TaskState]:
    """The state of every task that has begun, in the order in which they did.

    A task is two nodes of the run: one of its name, and before it a driver, in which a task may fail, too.

    Args:
        run: kfp's `V2beta1Run`.
        tasks: their names.
    """
    details = (run.run_details and run.run_details.task_details) or []
    wanted = set(tasks)
    states: dict[str, TaskState] = {}
    for node in sorted(details, key=lambda node: (node.start_time is None, node.start_time)):
        task, state = node.display_name, _STATES.get(node.state)
        if state == "failed":
            task = task.removesuffix("-driver")
        if state and task in wanted and states.get(task, TaskState("")).state != "failed":
            states[task] = TaskState(state, _seconds(node) if state in ("done", "failed") else 0.0)
    return states


def _seconds(node: Any) -> float:
    if node.start_time is None or node.end_time is None:
        return 0.0
    return max(0.0, (node.end_time - node.start_time).total_seconds())
