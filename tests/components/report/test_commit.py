"""Which commit runs, asked of repositories made for it."""

import subprocess

import pytest

from components.report.commit import VARIABLE, commit


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    file = tmp_path / "project" / "code.py"
    file.parent.mkdir()
    file.write_text("a = 1\n")
    for arguments in (["init", "-q"], ["add", "code.py"], ["commit", "-qm", "first"]):
        _git(file, *arguments)
    return file


def _git(file, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    done = subprocess.run(["git", "-C", str(file.parent), *identity, *arguments], check=True, capture_output=True)
    return done.stdout.decode().strip()


def test_the_commit_and_whether_files_have_changed_since(repository):
    head = _git(repository, "rev-parse", "HEAD")
    assert len(head) == 40 and commit(repository) == head
    (repository.parent / "notes.txt").write_text("not tracked")
    assert commit(repository) == head
    repository.write_text("a = 2\n")
    assert commit(repository) == f"{head}-dirty"


def test_somebody_elses_repository_is_not_ours(repository):
    installed = repository.parent / "venv" / "code.py"
    installed.parent.mkdir()
    installed.write_text("")
    assert commit(installed) is None


def test_no_repository_at_all(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert commit(tmp_path / "code.py") is None


def test_the_environment_knows_better(repository, monkeypatch):
    monkeypatch.setenv(VARIABLE, "8bad0a1")
    assert commit(repository) == "8bad0a1"
