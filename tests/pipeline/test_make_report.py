"""What `segpipe report` refuses; what it makes is in tests/e2e/test_run.py."""

from datetime import datetime, timezone

import pytest
from tfx import v1 as tfx

from pipeline import make_report as module
from pipeline.make_report import make_report
from pipeline.past_runs import PastRun
from schema.user_error import UserError
from tests.components.run_executor import make_artifact


@pytest.fixture
def run(tmp_path, monkeypatch) -> PastRun:
    model = make_artifact(tfx.types.standard_artifacts.Model, tmp_path / "model")
    run = PastRun(3, datetime.now(timezone.utc), False, "{}", {"model": model})
    monkeypatch.setattr(module, "find_run", lambda run_dir, number: run)
    return run


def test_a_folder_that_holds_no_report_is_not_replaced(run, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match=r"out holds no report, so it is not replaced; name a new folder"):
        make_report(tmp_path, tmp_path / "out")
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"


def test_what_is_gone_is_named(run, tmp_path):
    (tmp_path / "model").rmdir()
    with pytest.raises(UserError, match=r"run 3: model is no longer at .*model; run the pipeline again"):
        make_report(tmp_path, tmp_path / "out")


def test_a_run_of_an_older_version_is_told(run, tmp_path):
    with pytest.raises(UserError, match=r"run 3 was made by an older version"):
        make_report(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_report_that_breaks_leaves_the_old_one(run, tmp_path, monkeypatch):
    run.artifacts["leak_findings"] = run.artifacts["model"]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text("old")

    def breaks(artifacts, settings, folder):
        raise RuntimeError

    monkeypatch.setattr(module, "write_report", breaks)
    with pytest.raises(RuntimeError):
        make_report(tmp_path, tmp_path / "out")
    assert (tmp_path / "out" / "index.html").read_text() == "old"
