"""`segpipe rehearse`, in this process: what it prints and returns."""

from __future__ import annotations

import json

import pytest

from pipeline.cli import main
from tests.kubeflow.rehearsal.planted import planted, task, write

RULE = {"passed": True, "sentence": "mean IoU is 0.5000, 0.2000 above the least allowed, 0.3000"}
MISSED = {"passed": False, "sentence": "mean IoU is 0.5000, 0.2000 below the least allowed, 0.7000"}


@pytest.fixture
def rehearse(tmp_path):
    """Rehearses a pipeline of these tasks."""

    def rehearsed(*arguments: str, kubernetes: dict | None = None, **tasks: dict) -> int:
        path = write(tmp_path / "pipeline.yaml", planted(kubernetes, **tasks))
        return main(["rehearse", str(path), "--store", str(tmp_path / "store"), *arguments])

    return rehearsed


def report(**verdict) -> dict:
    outcome = {"mean_iou": 0.5, "images": 8, "verdict": {"pushed": False, "path": None, **verdict}}
    return task(f"put('report', 'metrics.json', {json.dumps(outcome)!r})", makes=("report",))


def test_a_pushed_model(rehearse, tmp_path, capsys):
    assert rehearse(Report=report(blessed=True, pushed=True, path="/mnt/serving/17", rules=[RULE])) == 0
    said = capsys.readouterr()
    (page,) = tmp_path.glob("store/mlpipeline/**/report")
    assert said.err.startswith("✓ Report  ") and said.err.endswith(" s\n") and said.err.count("\n") == 1
    assert said.out.splitlines() == [
        "mean IoU 0.5000 on 8 images",
        f"✓ {RULE['sentence']}",
        "pushed as /mnt/serving/17",
        f"report: {page}/index.html",
        "A rehearsal is no cluster: scheduling, resources, node selectors, secrets, permissions, network and caching "
        "were not checked.",
    ]


def test_a_model_that_was_not_blessed(rehearse, capsys):
    assert rehearse(Report=report(blessed=False, rules=[RULE, MISSED])) == 2
    said = capsys.readouterr().out
    assert f"✓ {RULE['sentence']}\n✗ {MISSED['sentence']}\nnot blessed, not pushed\n" in said


def test_a_task_that_failed(rehearse, capsys):
    assert rehearse(Read=task("print('no data'); sys.exit(5)"), Report=task(dependentTasks=["Read"])) == 1
    said = capsys.readouterr()
    assert said.err.startswith("segpipe: Read failed: exit code 5\n  no data\n") and not said.out


def test_a_pipeline_without_a_report_or_not_so_far(rehearse, capsys):
    failing = task("sys.exit(1)", dependentTasks=["Read"])
    assert rehearse("--until", "Read", Read=task(), Fail=failing) == 0
    said = capsys.readouterr()
    assert said.out.startswith("A rehearsal is no cluster") and "Fail" not in said.err


def test_a_task_that_was_skipped(rehearse, capsys):
    assert rehearse(Read=task(triggerPolicy={"condition": "1 > 2"})) == 0
    assert capsys.readouterr().err == "– Read                     skipped: its condition does not hold\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--mount", "data=/tmp"], "segpipe: --mount and --image are for containers: add --container docker"),
        (["--image", "x:1"], "segpipe: --mount and --image are for containers"),
        (["--container", "docker", "--mount", "data"], "segpipe: --mount data: expected CLAIM=DIR"),
        (["--container", "docker", "--mount", "=/tmp"], "segpipe: --mount =/tmp: expected CLAIM=DIR"),
        (["--container", "/no/such/engine"], "segpipe: Read cannot start /no/such/engine: No such file or directory"),
        (["--until", "Reed"], "segpipe: no task Reed; there are Read"),
    ],
)
def test_wrong_arguments(rehearse, arguments, message, capsys):
    assert rehearse(*arguments, Read=task()) == 1
    assert capsys.readouterr().err.startswith(message)


def test_a_store_that_cannot_be(rehearse, tmp_path, capsys):
    (tmp_path / "store").write_text("a file")
    assert rehearse(Read=task()) == 1
    assert "Traceback" not in capsys.readouterr().err
