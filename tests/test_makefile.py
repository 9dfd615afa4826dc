"""`make help` tells of every target."""

from __future__ import annotations

import re
import subprocess

from tests.conftest import ROOT

TEXT = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z-]+):", TEXT, re.MULTILINE)  # those of files are variables


def test_help_has_a_line_for_every_target():
    command = ["make", "--no-print-directory", "help"]  # which make adds where make has started the tests
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    told = dict(line.split(maxsplit=1) for line in said.splitlines())
    assert {"help", "setup", "demo", "test", "lint", "coverage"} < set(TARGETS)
    assert list(told) == TARGETS
    assert all(len(words) > 10 for words in told.values())


def test_no_target_is_taken_for_a_file():
    (phony,) = re.findall(r"^\.PHONY: (.+)$", TEXT, re.MULTILINE)
    assert sorted(phony.split()) == sorted(TARGETS)
