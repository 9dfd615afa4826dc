"""Calls the command as a user does."""

import subprocess
import sys
from pathlib import Path


def segpipe(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs `segpipe ARGUMENTS` to its end; what it printed is in `stdout` and `stderr`."""
    command = [str(Path(sys.executable).with_name("segpipe")), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
