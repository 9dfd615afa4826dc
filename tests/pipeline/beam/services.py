"""Beam's job service and worker pool on this machine, each a process of its own, as they would be on a cluster."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

# As `python -m` would, but workers are told of localhost: a host's own name need not resolve.
_MAIN = """
import runpy, socket, sys
socket.getfqdn = lambda: "localhost"
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


def options(job_service: str, worker_pool: str) -> dict[str, str]:
    """What `beam.options` has to say to have work done by them."""
    return {"job_endpoint": job_service, "environment_type": "EXTERNAL", "environment_config": worker_pool}


@contextmanager
def job_service(folder: Path) -> Iterator[str]:
    """Yields its address; `folder` gets its log."""
    port = _free_port()
    with _process(folder / "job_service.log", port, "portability.local_job_service_main", "--port", port):
        yield f"localhost:{port}"


@contextmanager
def worker_pool(folder: Path, *arguments: str, python: str | None = None, first: Path | None = None) -> Iterator[str]:
    """Yields its address; `folder` gets its log and is where the workers are at work.

    Args:
        folder: an existing one.
        arguments: of the pool.
        python: a shell script that the workers run in instead of Python.
        first: a folder before all others on their Python path.
    """
    port, environment = _free_port(), {}
    if python:
        script = folder / "bin" / "python"
        script.parent.mkdir()
        script.write_text(f"#!/bin/sh\n{python}\n")
        script.chmod(0o755)
        environment["PATH"] = f"{script.parent}:{os.environ['PATH']}"
    if first:
        environment["PYTHONPATH"] = f"{first}:{ROOT}"
    module = "worker.worker_pool_main"
    with _process(folder / "worker_pool.log", port, module, "--service_port", port, *arguments, **environment):
        yield f"localhost:{port}"


@contextmanager
def _process(log: Path, port: int, module: str, *arguments: object, **environment: str) -> Iterator[None]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # the pool calls whatever is `python` there
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", _MAIN, f"apache_beam.runners.{module}", *map(str, arguments)],
            cwd=log.parent,
            env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **environment},
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        _await(process, port, log)
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # the workers of a pool as well
        process.wait()


def _await(process: subprocess.Popen, port: int, log: Path) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("localhost", port)).close()
            return
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
    raise TimeoutError(log.read_text())


def _free_port() -> int:
    with socket.create_server(("localhost", 0)) as server:
        return server.getsockname()[1]
