"""A server that is down, in all its ways. Real ones that are up: `test_real_server`."""

import logging
import os
import socket
import threading
import time

import pytest

from tests.components.mlflow_tracker.server import free_port
from tests.components.mlflow_tracker.tracked import track, write_run


@pytest.fixture
def deaf():
    """The address of a server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def fails_quietly(folder, uri, said, reason: str) -> None:
    write_run(folder)
    before, began = dict(os.environ), time.monotonic()
    assert track(folder, uri) == {"uri": uri, "experiment": "roads", "tracked": False, "reason": reason}
    assert time.monotonic() - began < 10
    assert said(logging.INFO) == [f"not logged to MLflow at {uri}: {reason}; the next run tries again"]
    assert dict(os.environ) == before


def test_nothing_listens(tmp_path, said):
    fails_quietly(tmp_path, f"http://127.0.0.1:{free_port()}", said, "Connection refused")


def test_it_accepts_and_never_answers(tmp_path, said, deaf):
    fails_quietly(tmp_path, deaf, said, "timed out")


def test_it_is_no_mlflow_server(tmp_path, said, caplog, monkeypatch):
    """It answers with a page; what it is asked has the environment's credentials, which are said nowhere else."""
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "geheim")
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                asked.append(connection.recv(10_000))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

        thread = threading.Thread(target=answer)
        thread.start()
        write_run(tmp_path)
        outcome = track(tmp_path, f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread.join(10)
    assert "not in a valid JSON format" in outcome["reason"] and len(said(logging.INFO)) == 1
    assert b"Authorization: Bearer geheim\r\n" in asked[0]
    assert "geheim" not in caplog.text + str(outcome)
