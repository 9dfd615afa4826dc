"""What is said of a release agrees: version, licence, changes."""

from __future__ import annotations

import hashlib
import re

import yaml

from tests.conftest import ROOT

PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def stated(key: str) -> str:
    return re.findall(rf'^{key} = "(.+)"$', PROJECT, re.MULTILINE)[0]


def test_the_licence_is_the_whole_apache_licence():
    # As https://www.apache.org/licenses/LICENSE-2.0.txt has it.
    expected = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == expected
    assert stated("license") == CITATION["license"] == "Apache-2.0"
    assert 'license-files = ["LICENSE"]' in PROJECT


def test_the_citation_is_of_this_version():
    assert CITATION["version"] == stated("version")
    assert CITATION["title"] == stated("name")
    assert {"cff-version", "message", "authors"} <= set(CITATION)


def test_the_lock_is_of_this_version():
    (locked,) = re.findall(r'^name = "segpipe"\nversion = "(.+)"$', (ROOT / "uv.lock").read_text(), re.MULTILINE)
    assert locked == stated("version")


def test_changes_are_in_the_form_that_people_know():
    unreleased, *released = re.findall(r"^## (.+)$", CHANGES, re.MULTILINE)
    assert unreleased == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", heading) for heading in released)
    kinds = set(re.findall(r"^### (.+)$", CHANGES, re.MULTILINE))
    assert kinds and kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert not released or released[0].startswith(f"[{stated('version')}]")
