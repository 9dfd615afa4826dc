"""Waits until a run has ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kubeflow.submission.connect import Connection
from kubeflow.submission.server_error import ServerError
from kubeflow.submission.task_states import TaskState, task_states
from kubeflow.verdict_task import VERDICT_TASK
from schema.user_error import UserError

POLL = 5.0  # seconds
PATIENCE = 8  # times that a server which does not answer is asked again: some five minutes
_LONGEST = 60.0  # seconds between these
_ENDED = ("SUCCEEDED", "SKIPPED", "FAILED", "CANCELED")
_SETTLING = 6  # times that an ended run is asked for its tasks, which the server writes down after the run itself


def watch_run(
    connection: Connection,
    run_id: str,
    tasks: tuple[str, ...],
    *,
    timeout: float | None,
    on_task: Callable[[str, TaskState], None],
    on_note: Callable[[str], None],
) -> bool:
    """Waits for the end of a run that has the task of `kubeflow.verdict_task`.

    Args:
        connection: to the server; one that does not answer for a while is asked again.
        run_id: the run.
        tasks: the names of its tasks.
        timeout: seconds to wait at most.
        on_task: hears of each task's changes, once.
        on_note: hears when the server does not answer, and when it does again.

    Returns:
        Whether the gate blessed the model.

    Raises:
        UserError: the run failed, was cancelled or cannot tell; or it goes on, but was not waited for any longer.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    link = connection.link(run_id)
    seen: dict[str, TaskState] = {}
    failures = settling = 0
    while True:
        pause = POLL
        try:
            run = connection.client.get_run(run_id)
        except UserError as error:
            if not isinstance(error, ServerError) or not error.passing or failures == PATIENCE:
                raise UserError(f"{error}\nthe run goes on: {link}") from error
            if not failures:
                on_note(f"{error}; trying again")
            pause = min(POLL * 2**failures, _LONGEST)
            failures += 1
        else:
            if failures:
                on_note("the server answers again")
            failures = 0
            states = task_states(run, tasks)
            for task, state in states.items():
                if seen.get(task, TaskState("")).state != state.state:
                    on_task(task, state)
            seen |= states
            if run.state in _ENDED:
                if _is_told(run, seen) or settling == _SETTLING:
                    return _outcome(run, seen, link)
                settling += 1
        if deadline is not None and time.monotonic() + pause > deadline:
            raise UserError(f"the run has not ended in the time that --timeout gives it; it goes on: {link}")
        time.sleep(pause)


def _is_told(run: Any, states: dict[str, TaskState]) -> bool:
    """Whether the tasks tell what came of a run that has ended."""
    if run.state == "SUCCEEDED":
        return VERDICT_TASK in states and states[VERDICT_TASK].state in ("done", "skipped")
    return run.state != "FAILED" or any(state.state == "failed" for state in states.values())


def _outcome(run: Any, states: dict[str, TaskState], link: str) -> bool:
    if run.state == "SUCCEEDED":
        verdict = states.get(VERDICT_TASK, TaskState("unknown")).state
        if verdict not in ("done", "skipped"):
            raise UserError(f"the run succeeded, but its task {VERDICT_TASK} is {verdict}: was it blessed? see {link}")
        return verdict == "done"
    history = [entry.state for entry in run.state_history or []]
    if "CANCELED" in (run.state, *history) or "CANCELING" in history:
        raise UserError(f"the run was cancelled: {link}")
    failed = ", ".join(task for task, state in sorted(states.items()) if state.state == "failed")
    said = f" ({run.error.message})" if run.error and run.error.message else ""
    raise UserError(f"the run failed{f' in {failed}' if failed else ''}{said}; its logs: {link}")
