"""Talks to `torch_contender.py`, for which uv makes an environment of its own: torch does not enter ours."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.find_uv import find_uv

_SCRIPT = Path(__file__).with_name("torch_contender.py")


class TorchProcess:
    """torchmetrics in a process that waits while others are timed.

    Attributes:
        versions: what it is; None where uv or torch cannot be had.
        fault: why not.
    """

    versions: str | None = None
    fault = "uv was not found"

    def __init__(self) -> None:
        uv, variables = find_uv()
        if uv is None:
            return
        print("torchmetrics: uv makes its environment", file=sys.stderr)
        self._process = subprocess.Popen(
            [uv, "run", "--quiet", "--isolated", "--no-project", "--python", "3.11", "--script", str(_SCRIPT)],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout and self._process.stderr
        first = self._process.stdout.readline()
        if first:
            self.versions = json.loads(first)
        else:
            self.fault = " ".join(self._process.stderr.read().split())

    def count(self, file: Path, validate: bool = True) -> dict[str, Any]:
        """What `torch_contender.answer` says of the masks in an .npz file of `[2, H, W]` arrays."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([str(file), validate]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """Ends the process."""
        if self.versions:
            self._process.communicate()
