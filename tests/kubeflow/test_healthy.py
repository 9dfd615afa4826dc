"""kubeflow.healthy where this environment works, and where something is asked of it that it has not."""

from __future__ import annotations

import platform
import re

import pytest

from kubeflow import healthy as module
from kubeflow.healthy import healthy, main
from schema.user_error import UserError
from tests.conftest import ROOT

VERSION = re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[0]


def test_says_what_is_there(monkeypatch, capsys):
    monkeypatch.setenv("SEGPIPE_COMMIT", "0123abc")
    assert main([f"segpipe={VERSION}"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {f"segpipe {VERSION}", f"python {platform.python_version()}", "commit 0123abc"} <= set(lines)
    assert [line.split()[0] for line in lines] == [
        *("python", "segpipe", "tfx", "apache-beam", "keras", "kfp", "tensorflow", "commit", "gpus")
    ]


@pytest.mark.parametrize(("name", "found"), [("segpipe", re.escape(VERSION)), ("torch", "not there")])
def test_another_version_is_named(name, found):
    with pytest.raises(UserError, match=f"{name} is {found}; expected 99.9"):
        healthy({name: "99.9"})


def test_too_few_gpus():
    with pytest.raises(UserError, match="expected 1000 at least"):
        healthy({}, gpus=1000)


def test_what_cannot_be_imported_is_named(monkeypatch, capsys):
    monkeypatch.setattr(module, "_MODULES", ("kubeflow.entry_pont",))
    assert main([]) == 1
    assert "not healthy: does not work: No module named 'kubeflow.entry_pont'" in capsys.readouterr().err


def test_a_disk_that_nobody_can_write(monkeypatch):
    monkeypatch.setattr(module, "_MODULES", ())
    monkeypatch.setattr(module.tempfile, "tempdir", "/nowhere")
    with pytest.raises(UserError, match="/nowhere"):
        healthy({})


@pytest.mark.parametrize("argument", ["tfx", "tfx=", "=1.21.0"])
def test_a_version_without_its_name_is_refused(argument, capsys):
    with pytest.raises(SystemExit):
        main([argument])
    assert "expected NAME=VERSION" in capsys.readouterr().err
