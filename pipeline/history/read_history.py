"""What became of a pipeline's past runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.past_runs import PastRun, past_runs

_METRICS = "metrics.json"


@dataclass(frozen=True)
class Outcome:
    """Of one run; None where it is undefined, or where a run's report does not tell.

    Args:
        number: of the run, from 1.
        ended: UTC.
        mean_iou: 0..1.
        iou: by class name, 0..1.
        pushed: whether its model was.
        version: that it was pushed as.
        hyperparameters: what a tuner has chosen, by key in `training`.
    """

    number: int
    ended: datetime
    mean_iou: float | None = None
    iou: Mapping[str, float | None] = field(default_factory=dict)
    pushed: bool | None = None
    version: str | None = None
    hyperparameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class History:
    """Of a pipeline.

    Args:
        name: of the pipeline.
        outcomes: of the runs that did something new, the oldest first.
        classes: all that any of them has; those of the newest come first.
        knobs: all that a tuner has chosen for any of them; those of the newest come first.
    """

    name: str
    outcomes: list[Outcome]
    classes: list[str]
    knobs: list[str] = field(default_factory=list)


def read_history(run_dir: Path) -> History:
    """Reads the metadata store and the reports that it names.

    Raises:
        UserError: as `past_runs`.
    """
    runs = past_runs(run_dir)
    outcomes = [_outcome(run) for run in runs if not run.cached]
    return History(
        name=json.loads(runs[-1].settings)["name"],
        outcomes=outcomes,
        classes=list(dict.fromkeys(name for outcome in reversed(outcomes) for name in outcome.iou)),
        knobs=list(dict.fromkeys(name for outcome in reversed(outcomes) for name in outcome.hyperparameters)),
    )


def _outcome(run: PastRun) -> Outcome:
    path = Path(run.artifacts["report"].uri) / _METRICS
    if not path.is_file():  # reports may be deleted to make room
        return Outcome(run.number, run.ended)
    metrics = json.loads(path.read_text("utf-8"))
    verdict = metrics.get("verdict") or {}
    return Outcome(
        number=run.number,
        ended=run.ended,
        mean_iou=metrics.get("mean_iou"),
        iou=metrics.get("iou") or {},
        pushed=verdict.get("pushed"),
        version=verdict.get("version"),
        hyperparameters=metrics.get("hyperparameters") or {},
    )
