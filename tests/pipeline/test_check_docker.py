from __future__ import annotations

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler

import pytest

from pipeline.check_docker import check_docker
from pipeline.cli import main
from pipeline.config import load_config
from schema.user_error import UserError

IMAGE = "servability.tensorflow_serving=tensorflow/serving:2.16.1"


class _Daemon(BaseHTTPRequestHandler):
    """As much of Docker's API as says that it is there."""

    def do_GET(self) -> None:
        body = b"OK" if self.path.endswith("/_ping") else json.dumps({"ApiVersion": "1.44"}).encode()
        self.send_response(200 if self.path.endswith(("/_ping", "/version")) else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:  # a socket of Unix has none
        return "client"

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def address(tmp_path, monkeypatch):
    path = tmp_path / "docker.sock"
    monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
    return path


def test_nothing_is_asked_where_nothing_needs_it(run_config, address):
    assert check_docker(load_config(run_config)) is None


def test_a_daemon_that_answers_is_enough(run_config, address):
    with socketserver.UnixStreamServer(str(address), _Daemon) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert check_docker(load_config(run_config, [IMAGE])) is None
        server.shutdown()


def test_a_run_says_at_once_that_there_is_none(run_config, address, capsys):
    assert main(["run", str(run_config), "--set", IMAGE]) == 1
    told = capsys.readouterr().err
    assert told.startswith(
        "segpipe: servability.tensorflow_serving: no Docker daemon answers; start Docker, name it in DOCKER_HOST, or "
        "leave that key out: "
    )
    assert told.count("\n") == 1
    assert not (run_config.parent / "run").exists()


def test_an_address_that_is_none(run_config, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "nonsense://")
    with pytest.raises(UserError, match="no Docker daemon answers"):
        check_docker(load_config(run_config, [IMAGE]))
