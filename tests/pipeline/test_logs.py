from __future__ import annotations

import ctypes
import logging
import os
import subprocess
import sys
import warnings
from contextlib import suppress

import pytest

from pipeline.logs import hush, logs_in
from schema.user_error import UserError


def say_everything() -> None:
    """By every way a library may take to the terminal."""
    logging.getLogger("some.library").info("from logging %d", 1)
    logging.getLogger("some.library").debug("too much detail")
    from absl import logging as absl_logging

    absl_logging.warning("from absl")
    warnings.warn("from warnings", DeprecationWarning, stacklevel=1)
    os.write(1, b"from fd 1\n")
    os.write(2, b"from fd 2\n")
    libc = ctypes.CDLL(None)
    libc.write(2, b"from C\n", 7)


LOGGED = ["from logging 1", "from absl", "DeprecationWarning: from warnings"]
WRITTEN = ["from fd 1", "from fd 2", "from C"]


def test_everything_goes_to_the_file_and_only_our_words_to_the_terminal(tmp_path, capfd):
    with logs_in(tmp_path / "run.log", verbose=False) as terminal:
        say_everything()
        print("for people ✓", file=terminal)
    assert capfd.readouterr() == ("", "for people ✓\n")
    log = (tmp_path / "run.log").read_text()
    assert all(log.count(words) == 1 for words in [*LOGGED, *WRITTEN])
    assert "too much detail" not in log
    assert "for people" not in log
    assert "I some.library: from logging 1" in log


def test_prints_go_where_they_were_made_however_they_are_buffered(tmp_path):
    script = """if True:
        import pathlib, sys
        from pipeline.logs import logs_in
        def say(words): print(words, end=""), print(words, end="", file=sys.stderr)
        say("before ")
        with logs_in(pathlib.Path(sys.argv[1]), verbose=False):
            say("within ")
        say("after ")
    """
    log = tmp_path / "run.log"
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    ended = subprocess.run(
        [sys.executable, "-c", script, log], capture_output=True, text=True, check=True, env=buffered
    )
    assert (ended.stdout, ended.stderr, log.read_text()) == ("before after ", "before after ", "within within ")


def test_verbose_shows_logs_on_the_terminal_too(tmp_path, capfd):
    with logs_in(tmp_path / "run.log", verbose=True) as terminal:
        say_everything()
        print("for people", file=terminal)
    out, err = capfd.readouterr()
    assert all(words in err for words in [*LOGGED, "from fd 2", "from C", "for people"])
    assert "from fd 1" in out
    log = (tmp_path / "run.log").read_text()
    assert all(log.count(words) == 1 for words in LOGGED)


def test_warnings_are_logged_though_they_were_hushed(tmp_path):
    with warnings.catch_warnings():
        hush()
        with logs_in(tmp_path / "run.log", verbose=False):
            warnings.warn("worth knowing", UserWarning, stacklevel=1)
    assert "worth knowing" in (tmp_path / "run.log").read_text()


def state() -> tuple:
    files = [(os.fstat(fd).st_dev, os.fstat(fd).st_ino) for fd in (1, 2)]
    root = logging.getLogger()
    return files, root.handlers[:], root.level, warnings.filters[:], warnings.showwarning


@pytest.mark.parametrize("verbose", [False, True])
def test_all_is_as_before_even_after_an_exception(tmp_path, capfd, monkeypatch, verbose):
    monkeypatch.setattr(logging.getLogger(), "level", 35)
    before, descriptors = state(), open_descriptors()
    with pytest.raises(KeyError), logs_in(tmp_path / "run.log", verbose=verbose):
        assert state() != before
        raise KeyError
    assert state() == before
    assert open_descriptors() == descriptors
    os.write(2, b"on the terminal again\n")
    assert capfd.readouterr().err == "on the terminal again\n"


def open_descriptors() -> list[int]:
    def is_open(descriptor: int) -> bool:
        with suppress(OSError):
            os.fstat(descriptor)
            return True
        return False

    return [descriptor for descriptor in range(256) if is_open(descriptor)]


def test_the_log_of_the_run_before_is_kept(tmp_path):
    for words in ("first", "second", "third"):
        with logs_in(tmp_path / "run.log", verbose=False):
            logging.info(words)
    assert (tmp_path / "run.log").read_text().endswith("third\n")
    assert "second" not in (tmp_path / "run.log").read_text()
    assert (tmp_path / "run.log.1").read_text().endswith("second\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.log", "run.log.1"]


def test_a_log_that_cannot_be_written_is_the_users_to_mend(tmp_path, capfd):
    before = state()
    with (
        pytest.raises(UserError, match=r"nowhere/run.log: cannot write the log: No such file"),
        logs_in(tmp_path / "nowhere" / "run.log", verbose=False),
    ):
        pass
    assert state() == before
