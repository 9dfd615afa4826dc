"""Runs a process and says what it cost."""

import os
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

_MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024


class Cost(NamedTuple):
    """What a process took."""

    wall: float  # seconds
    cpu: float  # seconds on all cores, its own children's included
    memory: float  # bytes at its peak, or at that of its largest child


def measure_process(module: str, *arguments: str, python: str = sys.executable) -> tuple[Cost, str]:
    """Runs `python -m module`, and returns what it cost and the last line it printed.

    To Linux, the peak of a new process is not below its parent's. So whoever calls this imports nothing large.

    Raises:
        SystemExit: the process failed; with the end of what it said.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen([python, "-m", module, *arguments], stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            sys.exit(f"{module} failed:\n{err.read()[-2000:]}")
        cost = Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _MEMORY_UNIT)
        return cost, (out.read().splitlines() or [""])[-1]
