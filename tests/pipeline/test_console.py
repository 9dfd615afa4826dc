from __future__ import annotations

import io
import logging

import pytest

from pipeline.config import load_config
from pipeline.console import Console

OUTCOME = {
    "name": "small",
    "split": "eval",
    "images": 40,
    "mean_iou": 0.75,
    "num_classes": 2,
    "pixel_accuracy": 0.9,
    "iou": {"sky": 0.8, "land": 0.7, "water": None},
    "baseline": {"state": "first", "version": None, "reason": None},
    "verdict": {
        "blessed": True,
        "pushed": True,
        "version": "17",
        "path": "/runs/small/serving/17",
        "rules": [{"passed": True, "sentence": "mean IoU is 0.7500, 0.2500 above the least allowed, 0.5000"}],
    },
    "data": {
        "records": {"train": {"good": 1463, "bad": 0}, "eval": {"good": 1449, "bad": 0}},
        "leaks": {kind: {"count": 0} for kind in ("near_duplicates", "repeated_names", "repeated_pixels")},
    },
}


def run(live: bool) -> str:
    """What is on the terminal after a run of three components."""
    terminal = io.StringIO()
    progress = logging.getLogger("segpipe.training")
    progress.setLevel(logging.INFO)
    with Console(terminal, live=live) as console:
        console.component("Transform", "running", 0.0)
        console.component("Transform", "cached", 0.1)
        console.component("Trainer", "running", 0.0)
        progress.info("step %d/%d [:car:]", 1, 2)
        progress.info("step %d/%d", 2, 2)
        console.component("Trainer", "done", 12.34)
    progress.info("nobody listens any more")
    return terminal.getvalue()


def test_a_log_has_a_line_for_what_ended_and_for_progress_and_no_more():
    assert run(live=False).splitlines() == [
        "= Transform                unchanged, taken from an earlier run",
        "  Trainer: step 1/2 [:car:]",
        "  Trainer: step 2/2",
        "✓ Trainer                    12.3 s",
    ]


def test_on_a_terminal_what_runs_is_one_line_that_is_cleared(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    written = run(live=True)
    shown = ["loading TFX …", "Transform …", "Trainer …", "  Trainer: step 1/2 [:car:]", "  Trainer: step 2/2"]
    for words in shown:
        assert f"\x1b[2K\r{words}\r" in written
    assert screen(written) == [
        "= Transform                unchanged, taken from an earlier run",
        "✓ Trainer                    12.3 s",
    ]


def test_nothing_is_left_of_the_live_line_when_a_component_breaks(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    terminal = io.StringIO()
    with pytest.raises(KeyError), Console(terminal, live=True) as console:
        console.component("Trainer", "running", 0.0)
        raise KeyError
    assert screen(terminal.getvalue()) == []


def test_what_is_meant_to_last_stays_on_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    terminal, progress = io.StringIO(), logging.getLogger("segpipe.tuner")
    progress.setLevel(logging.INFO)
    with Console(terminal, live=True) as console:
        console.component("Tuner", "running", 0.0)
        progress.info("trial 1 of 2")
        progress.info("all trials\n  1  0.5\n* 2  0.75", extra={"lasting": True})
        console.component("Tuner", "done", 1.0)
    assert screen(terminal.getvalue()) == [
        "  Tuner: all trials",
        "  1  0.5",
        "* 2  0.75",
        "✓ Tuner                       1.0 s",
    ]


def test_a_live_line_never_wraps(monkeypatch):
    """A line that wraps cannot be cleared."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "20")
    terminal = io.StringIO()
    with Console(terminal, live=True) as console:
        console.component("Trainer" * 10, "running", 0.0)
    assert max(len(part) for part in terminal.getvalue().replace("\x1b[2K", "").split("\r")) == 19


def test_a_terminal_that_cannot_clear_a_line_is_written_to_as_a_log(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[2K" not in run(live=True)


def screen(written: str) -> list[str]:
    """The lines that are left on a terminal which knows \\r, \\n and "clear the line"."""
    lines = []
    for line in written.split("\n"):
        left = ""
        for part in line.split("\r"):
            cleared = part.startswith("\x1b[2K")
            left = part.removeprefix("\x1b[2K") or ("" if cleared else left)
        lines.append(left)
    return [line for line in lines if line]


def test_it_knows_what_is_running():
    console = Console(io.StringIO(), live=False)
    seen = [console.running]
    for state in ("running", "done"):
        console.component("Trainer", state, 1.0)
        seen.append(console.running)
    assert seen == ["loading TFX", "Trainer", "the pipeline"]


@pytest.fixture
def summary(run_config, capsys):
    def print_summary(*, executed: bool = True, **changes) -> str:
        console = Console(io.StringIO(), live=False)
        console.component("Trainer", "done" if executed else "cached", 1.0)
        console.summary(load_config(run_config, ["run_dir=/runs/small"]), OUTCOME | changes)
        out, err = capsys.readouterr()
        assert err == ""
        return out

    return print_summary


def test_a_first_push(summary):
    text = summary()
    assert "small: 40 images of split eval" in text
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith("│")]
    assert rows == [["sky", "0.8000"], ["land", "0.7000"], ["water", "undefined"], ["mean IoU", "0.7500"]]
    for line in (
        "mean over 2 classes; pixel accuracy 0.9000",
        "✓ mean IoU is 0.7500, 0.2500 above the least allowed, 0.5000",
        "no other model was pushed before: there is none to compare with",
        "pushed as /runs/small/serving/17",
        "report: /runs/small/report/index.html",
    ):
        assert line in text.splitlines()
    assert "serving now" not in text
    assert "nothing had changed" not in text


def test_beside_the_model_that_serves_now(summary):
    baseline = {"state": "found", "version": "16", "mean_iou": 0.6, "iou": {"sky": 0.5, "land": None}}
    text = summary(baseline=baseline)
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith("│")]
    assert rows == [
        ["sky", "0.8000", "0.5000"],
        ["land", "0.7000", "undefined"],
        ["water", "undefined", "undefined"],
        ["mean IoU", "0.7500", "0.6000"],
    ]
    assert "serving now (16)" in text
    assert "no model was pushed before" not in text


@pytest.mark.parametrize("scores", [{}, {"iou": None, "mean_iou": None}])
def test_a_baseline_without_scores(summary, scores):
    text = summary(baseline={"state": "found", "version": "16", **scores})
    assert [line.split("│")[3].strip() for line in text.splitlines() if line.startswith("│")] == ["undefined"] * 4


def test_an_incompatible_baseline(summary):
    text = summary(baseline={"state": "incompatible", "version": "16", "reason": "it has 3 classes"})
    assert "version 16 serves now and cannot be compared: it has 3 classes" in text.splitlines()
    assert "serving now (" not in text


def test_not_blessed(summary):
    rules = [{"passed": False, "sentence": "mean IoU is undefined: there was no pixel to count"}]
    verdict = {"blessed": False, "pushed": False, "version": None, "path": None, "rules": rules}
    text = summary(verdict=verdict, mean_iou=None, pixel_accuracy=None, num_classes=0)
    assert "✗ mean IoU is undefined: there was no pixel to count" in text.splitlines()
    assert "not blessed, not pushed" in text.splitlines()
    assert "mean over 0 classes; pixel accuracy undefined" in text.splitlines()
    assert "pushed as" not in text


def test_nothing_executed(summary):
    assert "nothing had changed: no component was executed" in summary(executed=False).splitlines()


def test_what_is_odd_in_the_data(summary):
    records = {"train": {"good": 1461, "bad": 2}, "eval": {"good": 1449, "bad": 1}}
    leaks = {kind: {"count": count} for kind, count in (("near_duplicates", 3), ("repeated_names", 1200))}
    several = {"records": records, "leaks": leaks | {"repeated_pixels": {"count": 7}}}
    told = "3 of 2,913 records set aside, 3 near-duplicate pairs across splits, 1,200 images twice in a split"
    assert f"data: {told}: see the report" in summary(data=several).splitlines()
    one = {**OUTCOME["data"], "leaks": OUTCOME["data"]["leaks"] | {"near_duplicates": {"count": 1}}}
    assert "data: 1 near-duplicate pair across splits: see the report" in summary(data=one).splitlines()
    assert "data:" not in summary()


def test_names_and_paths_are_shown_as_they_are(summary):
    """Rich would read [brackets] as markup and :car: as a picture; a long path is one that people copy."""
    path = f"/runs/[bold]/{'long/' * 40}17"
    text = summary(iou={"[red]": 0.5, ":car:": 0.5, "[/x]": 0.5}, verdict=OUTCOME["verdict"] | {"path": path})
    assert all(name in text for name in ("[red]", ":car:", "[/x]"))
    assert f"pushed as {path}" in text.splitlines()


def test_a_warning_stays_on_a_live_terminal():
    terminal = io.StringIO()
    with Console(terminal, live=True) as console:
        console.component("MlflowTracker", "running", 0.0)
        logging.getLogger("segpipe.tracking").warning("not logged: %s", "[down]")
        console.component("MlflowTracker", "done", 1.0)
    assert "\x1b[2K\r  MlflowTracker: not logged: [down]\n" in terminal.getvalue()
