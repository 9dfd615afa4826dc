"""What GitHub runs and asks for, and what git asks before a commit, is what the project says elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def job() -> dict:
    (only,) = WORKFLOW["jobs"].values()
    return only


def test_the_workflow_does_what_ci_run_does():
    commands = re.findall(r"^make .+$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert commands.pop() == "make test-next"  # which the matrix has, see below
    assert commands == ["make lint", "make test"]
    steps = [step["run"] for step in job()["steps"] if "run" in step]
    assert [step for step in steps if step in commands] == commands
    assert all(not step.startswith("make ") or step in [*commands, "make setup"] for step in steps)
    assert not any("continue-on-error" in step or "if" in step for step in job()["steps"])


def test_the_workflow_runs_on_every_change_and_may_do_nothing_but_read():
    assert set(WORKFLOW[True]) == {"push", "pull_request"}  # YAML 1.1 reads the key `on` as true
    assert WORKFLOW[True]["push"] == {"branches": ["main"]} and WORKFLOW[True]["pull_request"] is None
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert "permissions" not in job()
    assert "secrets" not in str(WORKFLOW)


def test_actions_are_pinned_by_commit_and_nothing_runs_for_ever():
    used = [step["uses"] for step in job()["steps"] if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[a-z]+@[0-9a-f]{40}", action) for action in used)
    assert job()["timeout-minutes"] <= 90
    assert all("timeout-minutes" in step for step in job()["steps"] if step.get("run", "").startswith("make"))


def test_both_releases_of_tfx_are_tested_where_they_run():
    pins = re.findall(r'"tfx==(\d+\.\d+)\.\d+; python_version (<|>=)', (ROOT / "pyproject.toml").read_text())
    by_marker = {marker: f"TFX {release}" for release, marker in pins}
    tested = {row["python"]: (row["tfx"], row["machine"]) for row in job()["strategy"]["matrix"]["include"]}
    assert tested == {
        "3.10": (by_marker["<"], "ubuntu-22.04"),  # glibc 2.35
        "3.12": (by_marker[">="], "ubuntu-24.04"),  # glibc 2.39
        "3.13": (by_marker[">="], "ubuntu-24.04"),
    }
    assert job()["env"]["PYTHON"] == "${{ matrix.python }}"
    assert "PYTHON ?=" in MAKEFILE


def test_pre_commit_checks_what_lint_checks():
    recipe = re.findall(r"^lint:.*\n((?:\t.+\n)+)", MAKEFILE, re.MULTILINE)[0]
    commands = [line.removeprefix("\t@").replace("$(RUN)", ".venv/bin") for line in recipe.splitlines()]
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["repo"] == "local"
    assert [hook["entry"] for hook in repository["hooks"]] == commands
    assert all(hook["language"] == "system" and not hook["pass_filenames"] for hook in repository["hooks"])


def test_there_is_a_form_for_what_is_wrong_and_one_for_what_is_missing():
    assert [form.stem for form in FORMS] == ["bug", "feature"]


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one_that_github_shows(form: Path):
    content = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert content["name"] and content["description"]
    fields = content["body"]
    assert {field["type"] for field in fields} <= {"textarea", "input", "dropdown", "checkboxes"}
    assert len({field["id"] for field in fields}) == len(fields)
    assert all(field["attributes"]["label"] for field in fields)
    assert any(field.get("validations", {}).get("required") for field in fields)
