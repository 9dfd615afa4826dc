"""tools/find_browser.sh on machines that this one is not: PATH holds nothing but what the machine is said to have."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "find_browser.sh"
SHELL = shutil.which("sh")
WORKS = "#!/bin/sh\necho Chromium 1.0"


def _machine(folder: Path, **browsers: str) -> Path:
    """A folder for PATH with the tools that the script needs."""
    folder.mkdir(parents=True)
    for tool in ("cat", "grep"):
        (folder / tool).symlink_to(shutil.which(tool))
    for name, body in browsers.items():
        file = folder / name.replace("_", "-")
        file.write_text(f"{body}\n")
        file.chmod(0o755)
    return folder


def _find(path: Path) -> subprocess.CompletedProcess[str]:
    env = {"PATH": str(path), "APPLICATIONS": str(path / "Applications")}
    return subprocess.run([SHELL, SCRIPT], env=env, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("browsers", "found"),
    [
        ({"chromium": WORKS, "google_chrome": WORKS}, "chromium"),
        ({"chromium_browser": WORKS}, "chromium-browser"),
        ({"google_chrome": WORKS}, "google-chrome"),
        ({"google_chrome_stable": WORKS}, "google-chrome-stable"),
        ({"chromium": "#!/bin/sh\nexit 127", "google_chrome": WORKS}, "google-chrome"),  # a library is missing
        ({"chromium_browser": '#!/bin/sh\nexec /snap/bin/chromium "$@"', "google_chrome": WORKS}, "google-chrome"),
    ],
)
def test_the_first_that_works(tmp_path, browsers, found):
    machine = _machine(tmp_path / "bin", **browsers)
    ended = _find(machine)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{machine / found}\n", "")


def test_chrome_on_a_mac(tmp_path):
    machine = _machine(tmp_path / "bin")
    folder = machine / "Applications" / "Google Chrome.app" / "Contents" / "MacOS"
    folder.mkdir(parents=True)
    chrome = folder / "Google Chrome"
    chrome.write_text(f"{WORKS}\n")
    chrome.chmod(0o755)
    assert _find(machine).stdout == f"{chrome}\n"


def test_a_snap_does_not_count(tmp_path):
    assert _find(_machine(tmp_path / "snap" / "bin", chromium=WORKS)).returncode == 1


def test_no_browser(tmp_path):
    ended = _find(_machine(tmp_path / "bin", firefox=WORKS))
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "")
