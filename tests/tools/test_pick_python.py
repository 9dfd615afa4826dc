"""tools/pick_python.sh on machines that this one is not: what it asks, `uname` and `getconf`, is faked on PATH."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "pick_python.sh"


@pytest.mark.parametrize(
    ("machine", "libc", "python"),
    [
        ("Linux x86_64", "glibc 2.36", "3.10"),  # Debian 12
        ("Linux x86_64", "glibc 2.39", "3.12"),  # Ubuntu 24.04
        ("Linux x86_64", "glibc 2.41", "3.12"),  # Debian 13
        ("Linux x86_64", "glibc 2.4", "3.10"),  # older than 2.39: versions are no decimals
        ("Linux x86_64", "glibc 3.0", "3.12"),
        ("Linux x86_64", None, "3.10"),  # musl: getconf knows no glibc
        ("Darwin arm64", None, "3.12"),
        ("Darwin x86_64", None, "3.10"),
    ],
)
def test_the_newest_python_whose_tfx_runs_here(tmp_path, machine, libc, python):
    fakes = {"uname": f"echo {machine}", "getconf": f"echo {libc}" if libc else "echo 'no such value' >&2; exit 1"}
    for name, body in fakes.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    ended = subprocess.run(
        ["sh", SCRIPT], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True, check=True
    )
    assert ended.stdout == f"{python}\n"
    assert ended.stderr == ""
