"""Finds out before a run whether Beam's workers elsewhere can do its work."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.beam import canary
from pipeline.beam.check_worker import OTHER_VERSIONS
from pipeline.beam.installed_versions import installed_versions
from pipeline.beam.probe import JOB_SERVICE, WORKER_POOL, probe
from schema.user_error import UserError

SECONDS = 120
_RUNNERS = ("portablerunner", "flinkrunner", "sparkrunner")
_GRACE = 15  # seconds for the small job to be cancelled
_SAME_IMAGE = "let the workers run in the image of this pipeline, or in the same environment"
_ROOT = Path(__file__).parents[2]  # where our packages are
_LOG = logging.getLogger("segpipe.beam")


def preflight(args: Sequence[str], folder: str | None = None, seconds: int = SECONDS) -> None:
    """Has a worker of Flink, Spark or another job service do a small job; of other runners nothing is asked.

    Args:
        args: Beam's pipeline options, as `beam_args` gives them.
        folder: where the run writes, a path or a URI; the worker leaves a file there, which is looked for and removed.
        seconds: within which the job has to be done.

    Raises:
        UserError: the job service does not answer, the job fails or is late, the worker has other versions than we, or
            the file is not seen here.
    """
    options = _options(args)
    if options["runner"].rpartition(".")[2].lower() not in _RUNNERS:
        return
    began = time.monotonic()
    service = options.get("job_endpoint", "")
    if service not in ("", "embed") and (wrong := probe(service, JOB_SERVICE, min(seconds, 10))):
        raise UserError(
            f"no Beam job service at {service} (option job_endpoint): {wrong}; start one, such as Flink's job server, "
            "or give its address"
        )
    _LOG.info("asking the workers of %s for a sign of life, up to %d s", _name(options), seconds)
    file = f"{folder.rstrip('/')}/.worker-{uuid.uuid4().hex}" if folder else None
    answer = _canary(list(args), file, seconds)
    if answer["state"] != canary.DONE:
        raise UserError(_complaint(answer, options, folder, seconds))
    _LOG.info("they answered in %.0f s, with the same versions as here", time.monotonic() - began)


def _options(args: Sequence[str]) -> dict[str, str]:
    """The last value of each option."""
    pairs = (arg.removeprefix("--").partition("=") for arg in args if arg.startswith("--"))
    return {"runner": "direct", **{name: value for name, _, value in pairs}}


def _name(options: dict[str, str]) -> str:
    place = options.get("job_endpoint") or options.get("flink_master") or options.get("spark_master_url")
    return f"{options['runner']} at {place}" if place else options["runner"]


def _canary(args: list[str], file: str | None, seconds: int) -> dict[str, str]:
    """What `canary` answers in a process of its own; ours, if it has to be killed or breaks down."""
    with tempfile.TemporaryDirectory() as scratch:
        verdict = Path(scratch) / "verdict.json"
        request = json.dumps({"args": args, "deadline": time.time() + seconds, "file": file})
        # By its path, because with -m the working directory would come first, and may have a `pipeline` of its own.
        command = [sys.executable, canary.__file__, request, str(verdict)]
        path = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
        # In a session of its own, so that a job server that Beam starts for it goes with it.
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=2, start_new_session=True)
        try:
            process.wait(seconds + _GRACE)
        except subprocess.TimeoutExpired:
            return {"state": canary.LATE, "reason": ""}
        finally:
            _kill(process)
        if verdict.is_file():
            return json.loads(verdict.read_text(encoding="utf-8"))
    return {"state": canary.FAILED, "reason": f"it broke down with exit code {process.returncode}"}


def _kill(process: subprocess.Popen) -> None:
    """And all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _complaint(answer: dict[str, str], options: dict[str, str], folder: str | None, seconds: int) -> str:
    who, reason = f"the workers of {_name(options)}", answer["reason"]
    if answer["state"] == canary.NOT_SHARED:
        return (
            f"what {who} write in {folder} is not seen here: give both the same volume at the same path, "
            "or keep the run's folders in a bucket (gs://)"
        )
    if theirs := _other_versions(reason):
        ours = installed_versions()
        differences = (f"{name} {found} (here {ours[name]})" for name, found in theirs.items() if found != ours[name])
        return f"{who} have {' and '.join(differences)}: {_SAME_IMAGE}"
    if answer["state"] == canary.LATE:
        what = f"{who} have not finished a small job within {seconds} s"
    elif missing := re.search(r"No module named '?([\w.]+)", reason):
        return f"{who} have no module {missing[1]}: {_SAME_IMAGE}"
    else:
        what = f"a small job for {who} failed: {_sentence(reason)}"
    return f"{what}; {_advice(options)}"


def _other_versions(reason: str) -> dict[str, str]:
    """The workers', as `CheckWorker` tells them, or Beam, which looks first at Python and itself; else empty."""
    if OTHER_VERSIONS in reason:
        return json.JSONDecoder().raw_decode(reason.partition(OTHER_VERSIONS)[2])[0]
    runtime = re.search(r"Runtime environment: \S+python([\d.]+)_sdk:(\w[\w.]*\w)", reason)
    return {"Python": runtime[1], "Beam": runtime[2]} if runtime else {}


def _sentence(reason: str) -> str:
    """The line of a stack trace that says what happened."""
    if detail := re.search(r'details = "(.*)"', reason):  # of gRPC
        return detail[1]
    lines = [line.strip() for line in reason.splitlines() if line.strip()] or ["for no reason that Beam tells"]
    told = [line for line in lines if re.match(r"(\w+\.)*\w*(Error|Exception)\b.*: ", line)]
    return (told or lines)[-1][:500]


def _advice(options: dict[str, str]) -> str:
    advice = "look into the logs of job service and workers, or raise beam.timeout"
    pool = options.get("environment_config", "")
    if options.get("environment_type") != "EXTERNAL" or not re.search(r":\d+$", pool):
        return advice
    wrong = probe(pool, WORKER_POOL, 5)
    seen = wrong if wrong else "it answers, so the workers that it starts may die at once"
    return f"their worker pool is {pool} (option environment_config), and from here {seen}; {advice}"
