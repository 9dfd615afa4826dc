"""The browser that opens our pages."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).parents[2] / "tools" / "find_browser.sh"


def find_browser(playwrights_own: Path) -> Path:
    """The Chromium or Chrome of this machine, else Playwright's own; without either, the test fails.

    Args:
        playwrights_own: where that is, if it was installed.
    """
    found = subprocess.run(["sh", _SCRIPT], capture_output=True, text=True).stdout.strip()
    if found:
        return Path(found)
    if not playwrights_own.is_file():
        pytest.fail("no Chromium or Chrome was found to open our pages in: `make browser` installs one", pytrace=False)
    return playwrights_own
