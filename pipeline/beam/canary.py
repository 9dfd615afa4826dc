"""The small job before a run, in a process of its own that can be killed when Beam hangs.

`python canary.py REQUEST VERDICT`: the arguments of `canary` as a JSON object, and the file for its answer.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineState

from pipeline.beam.check_worker import CheckWorker
from pipeline.beam.installed_versions import installed_versions

DONE, FAILED, LATE, NOT_SHARED = "done", "failed", "late", "not shared"


def canary(args: list[str], deadline: float, file: str | None) -> dict[str, str]:
    """Has a worker look at itself.

    Args:
        args: Beam's pipeline options.
        deadline: when to give up and cancel the job, in seconds since 1970.
        file: for the worker to write, and for us to see and remove; None for none.

    Returns:
        `state`, one of `DONE`, `FAILED`, `LATE` and `NOT_SHARED`, and the `reason` of a failure.
    """
    left = max(1, int(deadline - time.time()))
    # Later than ours: Beam applies it to the whole job as well.
    pipeline = beam.Pipeline(options=PipelineOptions([*args, f"--job_server_timeout={left + 60}"]))
    # No more than this: Create is made of functions that travel as byte code.
    pipeline | beam.Impulse() | beam.ParDo(CheckWorker(installed_versions(), file))
    try:
        result = pipeline.run()
        state = result.wait_until_finish(duration=max(1, int(1000 * (deadline - time.time()))))
    except Exception as error:
        return {"state": FAILED, "reason": str(error) or type(error).__name__}
    if not PipelineState.is_terminal(state):
        with suppress(Exception):
            result.cancel()
        return {"state": LATE, "reason": ""}
    if file:
        if not FileSystems.exists(file):
            return {"state": NOT_SHARED, "reason": ""}
        FileSystems.delete([file])
    return {"state": DONE, "reason": ""}


if __name__ == "__main__":
    answer = canary(**json.loads(sys.argv[1]))
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")
