"""In a process of its own, with a package in the place of TensorFlow that writes as its libraries do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

NOISE = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795416093.543554      16 port.cc:153] oneDNN custom operations are on.
W0000 00:00:1795416093.543799      16 cudart_stub.cc:31] Could not find cuda drivers on your machine.
"""
ERROR = "E0000 00:00:1795416093.543799      16 cuda_platform.cc:52] failed call to cuInit\n"
FATAL = "F0000 00:00:1795416093.543799      16 cpu_feature_guard.cc:29] compiled to use AVX instructions\n"


def imported(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    package = folder / "tensorflow"
    package.mkdir()
    (package / "__init__.py").write_text(f"import os\nos.write(2, {(NOISE + ERROR).encode()!r})\n{body}\n")
    script = (
        f"import os, sys; sys.path[:0] = [{str(folder)!r}, {str(ROOT)!r}]\n"
        "from pipeline.quiet_tensorflow import quiet_tensorflow; quiet_tensorflow()\n"
        "import tensorflow, pkgutil\n"
        f"os.write(2, {NOISE.encode()!r})\n"
        "print(tensorflow.x, pkgutil.get_data('tensorflow', '__init__.py')[:6])"
    )
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)


def test_errors_alone_are_seen_and_only_while_it_is_imported(tmp_path):
    ended = imported(tmp_path, "x = 3")
    assert (ended.returncode, ended.stdout) == (0, "3 b'import'\n")
    assert ended.stderr == ERROR + NOISE


def test_last_words_are_heard(tmp_path):
    ended = imported(tmp_path, f"os.write(2, {FATAL.encode()!r}); os.abort()")
    assert ended.returncode == -6
    assert ended.stderr == ERROR + FATAL


def test_an_import_that_fails_fails(tmp_path):
    ended = imported(tmp_path, "raise ImportError('no such library')")
    assert ended.returncode == 1
    assert ended.stderr.startswith(ERROR) and ended.stderr.endswith("ImportError: no such library\n")
