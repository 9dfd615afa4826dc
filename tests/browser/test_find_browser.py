from __future__ import annotations

import shutil

import pytest

from tests.browser.find_browser import find_browser


def test_the_browser_of_this_machine_goes_first(tmp_path, monkeypatch):
    chromium = tmp_path / "chromium"
    chromium.write_text("#!/bin/sh\n")
    chromium.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert find_browser(tmp_path) == chromium


@pytest.fixture
def bare_machine(tmp_path, monkeypatch):
    (tmp_path / "sh").symlink_to(shutil.which("sh"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("APPLICATIONS", str(tmp_path))
    return tmp_path


def test_playwrights_own_goes_second(bare_machine):
    own = bare_machine / "chrome"
    own.touch()
    assert find_browser(own) == own


def test_without_a_browser_a_test_fails_and_says_what_to_do(bare_machine):
    with pytest.raises(pytest.fail.Exception, match="`make browser` installs one"):
        find_browser(bare_machine / "chrome")
