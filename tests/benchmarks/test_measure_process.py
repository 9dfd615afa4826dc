"""What a process cost: of known length, size and outcome."""

import subprocess
import sys

import pytest

from benchmarks.measure_process import measure_process
from tests.conftest import ROOT

MIB = 2**20


def _run(tmp_path, monkeypatch, body: str):
    (tmp_path / "measured.py").write_text(body)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return measure_process("measured", "one", "two")


def test_time_work_and_the_last_line(tmp_path, monkeypatch):
    body = (
        "import sys, time\nprint('first')\ntime.sleep(0.5)\nend = time.process_time() + 0.5\n"
        "while time.process_time() < end: pass\nprint(*sys.argv[1:])"
    )
    cost, last = _run(tmp_path, monkeypatch, body)
    assert last == "one two"
    assert cost.wall >= 1 and cost.cpu >= 0.5
    assert cost.cpu < cost.wall  # sleep is no work


def test_memory_is_the_peak(tmp_path):
    """Measured from a small process, as the benchmark is: the peak of a new one is not below its parent's."""
    (tmp_path / "measured.py").write_text("import sys\nblock = bytearray(int(sys.argv[1]) << 20)\ndel block")
    code = (
        "from benchmarks.measure_process import measure_process\n"
        "for size in '0', '200': print(measure_process('measured', size)[0].memory)"
    )
    environment = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    out = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    small, large = map(int, out.stdout.split())
    assert 195 * MIB < large - small < 210 * MIB


def test_a_failure_ends_the_benchmark_with_what_was_said(tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match="no such thing") as ended:
        _run(tmp_path, monkeypatch, "raise KeyError('no such thing')")
    assert str(ended.value).startswith("measured failed:\nTraceback")


def test_another_python_is_run_if_asked_for(tmp_path):
    other = tmp_path / "python"
    other.write_text('#!/bin/sh\necho "another, $@"\n')
    other.chmod(0o755)
    assert measure_process("measured", "one", python=str(other))[1] == "another, -m measured one"
