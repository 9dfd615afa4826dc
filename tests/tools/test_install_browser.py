"""tools/install_browser.sh on machines that this one is not: the commands that it calls are faked."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "install_browser.sh"
UPDATE = "apt-get update -qq"
CHROMIUM = "apt-get install -qq --no-install-recommends chromium fonts-dejavu-core"


def _install(folder: Path, user: int, system: str, exit_code: int = 0) -> tuple[subprocess.CompletedProcess[str], list]:
    """How it ended, and what was called."""
    calls = folder / "calls"
    write = f'echo "${{0##*/}} $*" >> {calls}; exit {exit_code}'
    for name, body in {"id": f"echo {user}", "apt-get": write, "playwright": write}.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    if system:
        (folder / "os-release").write_text(f'NAME="Some system"\nID={system}\nVERSION_ID="12"\n')
    ended = subprocess.run(
        ["sh", SCRIPT, folder / "playwright"],
        env={"PATH": f"{folder}:/usr/bin:/bin", "OS_RELEASE": str(folder / "os-release")},
        capture_output=True,
        text=True,
    )
    return ended, calls.read_text().splitlines()


@pytest.mark.parametrize(
    ("user", "system", "called"),
    [
        (0, "debian", [UPDATE, CHROMIUM]),
        (1000, "debian", ["playwright install chromium"]),
        (0, "ubuntu", ["playwright install --with-deps chromium"]),
        (1000, "ubuntu", ["playwright install chromium"]),
        (0, "fedora", ["playwright install chromium"]),
        (501, "", ["playwright install chromium"]),  # macOS
    ],
)
def test_what_installs_a_browser_here(tmp_path, user, system, called):
    ended, calls = _install(tmp_path, user, system)
    assert calls == called
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("user", [0, 1000])
def test_what_cannot_be_installed_is_asked_for(tmp_path, user):
    ended, _ = _install(tmp_path, user, "debian", exit_code=100)
    assert ended.returncode == 1
    assert "install Chromium or Google Chrome" in ended.stderr
