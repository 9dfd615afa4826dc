"""Makes the report of a past run."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from components.report.write_report import PAGE, write_report
from pipeline.past_runs import PastRun, find_run
from pipeline.replace_folder import replace_folder
from schema.user_error import UserError

_OWN = "report"  # of a run's artifacts, the one that is made anew


def make_report(run_dir: Path, out: Path, *, number: int | None = None, examples: int | None = None) -> Path:
    """Writes the folder `out`, which appears whole or not at all.

    Args:
        run_dir: of the pipeline.
        out: replaced, if it holds a report; it must not hold anything else.
        number: of the run, the last by default.
        examples: pictures of predictions, as many as the run had by default.

    Returns:
        The page.

    Raises:
        UserError: there is no such run, what it made is gone, or `out` holds something else.
    """
    run = find_run(run_dir, number)
    if out.exists() and not (out / PAGE).is_file():
        raise UserError(f"{out} holds no report, so it is not replaced; name a new folder with --out")
    _check(run)
    settings = json.loads(run.settings)
    if examples is not None:
        settings["examples"] = examples
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        write_report(run.artifacts, settings, scratch)
        replace_folder(Path(scratch), out)
    return out / PAGE


def _check(run: PastRun) -> None:
    for name, artifact in run.artifacts.items():
        if name != _OWN and not Path(artifact.uri).is_dir():
            raise UserError(f"run {run.number}: {name} is no longer at {artifact.uri}; run the pipeline again")
    if "leak_findings" not in run.artifacts:
        raise UserError(f"run {run.number} was made by an older version of segpipe; run the pipeline again")
