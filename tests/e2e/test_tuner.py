"""A run with a search, beside a run without: what is before the Tuner is taken over from that one."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.e2e.segpipe import segpipe

pytestmark = pytest.mark.slow

# The recipe's own rate, that of the first trial, loses the loss; the second trial's, from the range, does not.
TUNED = (
    *(
        "training.held_out=0.3",
        "training.learning_rate=1.0e+30",
        "training.steps=3",
        "evaluation.gate.max_mean_iou_drop=1",
        "servability.enabled=false",
    ),
    *("tuner.trials=2", "tuner.steps=2", "tuner.search.learning_rate=[0.0009, 0.0011]"),
)


@pytest.fixture(scope="module")
def tuned(first_run, tiny_config, run_dir, tmp_path_factory):
    """`segpipe run` with a search, in a copy of the first run's folder."""
    copy = tmp_path_factory.mktemp("tuned") / "run"
    shutil.copytree(run_dir, copy)

    def run(*overrides: str):
        settings = [f"run_dir={copy}", *TUNED, *overrides]
        return segpipe("run", tiny_config, *(word for setting in settings for word in ("--set", setting)))

    return copy, run, run()


def _model_run(folder: Path) -> Path:
    return max((folder / "root" / "Trainer" / "model_run").iterdir(), key=lambda path: int(path.name))


def test_the_training_takes_the_values_of_the_best_trial(tuned):
    folder, _, ended = tuned
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "= Transform" in ended.stderr and re.search(r"✓ Tuner .*\d s", ended.stderr)
    assert "trial 1 of 2 failed, with learning_rate 1e+30: the " in ended.stderr
    assert re.search(r"\n +1 +1e\+30 +failed\n\* +2 +0\.00\d+ +0\.\d{4}\n", ended.stderr)
    assert "Traceback" not in ended.stderr

    chosen = json.loads((folder / "report" / "metrics.json").read_text())["hyperparameters"]
    assert list(chosen) == ["learning_rate"] and 0.0009 <= chosen["learning_rate"] <= 0.0011
    with (_model_run(folder) / "training_log.csv").open() as file:
        rates = [float(row["learning_rate"]) for row in csv.DictReader(file)]
    assert len(rates) == 3 and max(rates) <= chosen["learning_rate"]
    assert f"{chosen['learning_rate']:.4g}" in segpipe("history", folder).stdout
    assert f"<dd>{chosen['learning_rate']}</dd>" in (folder / "report" / "index.html").read_text()
    assert not (folder / "checkpoints").exists()


def test_again_unchanged_executes_nothing(tuned):
    _, run, _ = tuned
    again = run()
    assert again.returncode == 0, again.stderr
    assert "no component was executed" in again.stdout and "= Tuner" in again.stderr
