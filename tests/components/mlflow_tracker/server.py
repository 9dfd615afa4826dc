"""A real MLflow server, and what it says over its REST API."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.conftest import ROOT

PROGRAM = ROOT / ".mlflow" / "bin" / "mlflow"
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def mlflow_server(folder: Path, port: int) -> Iterator[Server]:
    """Runs a server that keeps its database and its artifacts in `folder`."""
    assert PROGRAM.is_file(), f"no MLflow server at {PROGRAM}; run make test, which installs it"
    folder.mkdir(parents=True, exist_ok=True)
    command = [str(PROGRAM), "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += [
        "--backend-store-uri",
        f"sqlite:///{folder}/mlflow.db",
        "--artifacts-destination",
        str(folder / "files"),
    ]
    with (folder / "server.log").open("a") as log:
        process = subprocess.Popen(command, cwd=folder, env=os.environ | QUIET, stdout=log, stderr=log)
        server = Server(f"http://127.0.0.1:{port}", process)
        try:
            deadline = time.monotonic() + 180
            while not server.answers():
                assert process.poll() is None and time.monotonic() < deadline, (folder / "server.log").read_text()
                time.sleep(0.2)
            yield server
        finally:
            server.stop()


class Server:
    """What the server at `uri` has."""

    def __init__(self, uri: str, process: subprocess.Popen) -> None:
        self.uri = uri
        self._process = process

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)

    def answers(self) -> bool:
        try:
            return self._get("/health") == b"OK"
        except (URLError, ConnectionError):
            return False

    def runs(self, experiment: str) -> list[dict]:
        """All runs of an experiment, the newest first."""
        found = self._json("/experiments/get-by-name", experiment_name=experiment)["experiment"]
        body = json.dumps({"experiment_ids": [found["experiment_id"]], "max_results": 100}).encode()
        return json.loads(self._get("/api/2.0/mlflow/runs/search", body)).get("runs", [])

    def history(self, run_id: str, metric: str) -> list[tuple[int, float]]:
        """Steps and values of a metric."""
        found = self._json("/metrics/get-history", run_id=run_id, metric_key=metric, max_results=25_000)
        return [(int(point.get("step", 0)), point["value"]) for point in found["metrics"]]

    def artifacts(self, run_id: str, folder: str = "") -> dict[str, bytes]:
        """Every file of a run, downloaded, by path."""
        contents = {}
        for file in self._json("/artifacts/list", run_id=run_id, path=folder).get("files", []):
            if file["is_dir"]:
                contents |= self.artifacts(run_id, file["path"])
            else:
                contents[file["path"]] = self._get(
                    f"/get-artifact?{urlencode({'run_id': run_id, 'path': file['path']})}"
                )
        return contents

    def _json(self, method: str, **query) -> dict:
        return json.loads(self._get(f"/api/2.0/mlflow{method}?{urlencode(query)}"))

    def _get(self, path: str, body: bytes | None = None) -> bytes:
        request = Request(f"{self.uri}{path}", body, {"Content-Type": "application/json"} if body else {})
        with urlopen(request, timeout=30) as answer:
            return answer.read()


def named(items: list[dict]) -> dict:
    """Params, tags or metrics of a run by name."""
    return {item["key"]: item["value"] for item in items}
