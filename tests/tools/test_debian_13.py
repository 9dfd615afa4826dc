"""tools/debian_13.sh up to the point where it needs root: the commands that it calls are faked."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

SCRIPT = ROOT / "tools" / "debian_13.sh"
FAKES = {
    "id": "echo 0",
    "debootstrap": 'mkdir -p "$3/etc"; echo made "$@"',
    "chroot": "exit 0",
    "unshare": 'printf "%s\\n" "$@" "$inside" "$environment"',
}


@pytest.fixture
def tree(tmp_path) -> Path:
    """A checkout with a tracked file, a new one, one that git ignores, and one that was removed."""
    tree = tmp_path / "work" / "checkout"
    (tree / "tools").mkdir(parents=True)
    shutil.copy(SCRIPT, tree / "tools")
    (tree / ".gitignore").write_text("/runs/\n")
    (tree / "gone.py").touch()
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=tree, check=True)
    (tree / "gone.py").unlink()
    (tree / "new file.py").write_text("new")
    (tree / "runs").mkdir()
    (tree / "runs" / "model").touch()
    return tree


def start(tree: Path, *arguments: str, **fakes: str) -> subprocess.CompletedProcess[str]:
    commands = tree.parent / "bin"
    commands.mkdir(exist_ok=True)
    for name, body in (FAKES | fakes).items():
        (commands / name).write_text(f"#!/bin/sh\n{body}\n")
        (commands / name).chmod(0o755)
    environment = {"PATH": f"{commands}:{os.environ['PATH']}", "HOME": str(tree.parent / "home"), "PASSWORD": "secret"}
    command = ["sh", tree / "tools" / "debian_13.sh", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def cached(tree: Path, name: str) -> Path:
    return tree.parent / "home" / ".cache" / "segpipe" / name


def test_root_alone(tree):
    ended = start(tree, "make", id="echo 1000")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "root" in ended.stderr and len(ended.stderr.splitlines()) == 1
    assert not (tree.parent / "home").exists()


def test_a_copy_of_what_git_would_commit(tree):
    copy = cached(tree, "debian-13-tree")
    (copy / ".venv").mkdir(parents=True)
    (copy / "of an earlier run").mkdir()
    ended = start(tree, "make", "test")
    assert ended.returncode == 0, ended.stderr
    files = {str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file()}
    assert files == {".gitignore", "new file.py", "tools/debian_13.sh"}
    assert (copy / ".venv").is_dir() and not (copy / "of an earlier run").exists()


def test_the_command_runs_where_the_tree_has_its_neighbours_and_none_of_our_environment(tree):
    said = start(tree, "make", "two words").stdout.splitlines()
    assert said[:4] == ["--mount", "--pid", "--fork", "--kill-child"]
    assert said[said.index("make") + 1] == "two words"
    assert "/checkout/checkout" in said
    assert "secret" not in "".join(said)


def test_the_system_is_made_once(tree):
    assert "making a Debian 13" in start(tree, "true").stderr
    assert "making" not in start(tree, "true").stderr


@pytest.mark.parametrize("fails", ["debootstrap", "chroot"])
def test_a_system_that_could_not_be_made_is_not_taken_for_one(tree, fails):
    ended = start(tree, "true", **{fails: "echo no network; exit 3"})
    assert ended.returncode == 1
    log = cached(tree, "debian-13.log")
    assert str(log) in ended.stderr and "no network" in log.read_text()
    assert not cached(tree, "debian-13").exists()
    assert start(tree, "true").returncode == 0
