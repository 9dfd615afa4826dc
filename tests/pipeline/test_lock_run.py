from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from pipeline.lock_run import lock_run
from schema.user_error import UserError

HOLD = """if True:
    import pathlib, sys, time
    from pipeline.lock_run import lock_run
    with lock_run(pathlib.Path(sys.argv[1])):
        print("locked", flush=True)
        time.sleep(60)
"""


def test_a_second_run_is_refused_until_the_first_is_dead(tmp_path):
    run_dir = tmp_path / "runs" / "small"
    first = subprocess.Popen([sys.executable, "-c", HOLD, run_dir], stdout=subprocess.PIPE, text=True)
    try:
        assert first.stdout.readline() == "locked\n"
        with pytest.raises(UserError, match=f"run_dir: another run is at work in {run_dir}; wait"), lock_run(run_dir):
            pytest.fail("two runs in one folder")
        with lock_run(tmp_path / "runs" / "other"):
            pass
    finally:
        first.send_signal(signal.SIGKILL)  # which leaves it no time to tidy up
        first.communicate()
    with lock_run(run_dir):
        pass


def test_it_is_free_after_a_run_that_failed(tmp_path):
    for _ in range(2):
        with pytest.raises(KeyError), lock_run(tmp_path):
            raise KeyError


@pytest.mark.parametrize("place", ["file", "file/run"])
def test_a_place_that_cannot_be_written_to(tmp_path, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=f"run_dir: cannot write to {tmp_path / place}: "), lock_run(tmp_path / place):
        pass


def test_a_folder_without_write_permission(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)  # root, as in containers, may write anywhere
    with pytest.raises(UserError, match="Permission denied; choose another folder"), lock_run(tmp_path):
        pass
