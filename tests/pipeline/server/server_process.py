"""The server as a user starts it: a process of its own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.pipeline.server.running import Client

_WITH_SETTINGS = """
import json, sys
from pathlib import Path
from pipeline.server.serve import serve
from pipeline.server.settings import ServerSettings
serve(Path(sys.argv[1]), "127.0.0.1", 0, ServerSettings(**json.loads(sys.argv[2])))
"""


class ServerProcess(Client):
    """What it is asked by, and what it needs."""

    def __init__(self, port: int, process: subprocess.Popen[str]) -> None:
        super().__init__(port)
        self.process = process

    @property
    def memory(self) -> float:
        """MiB resident, by its own word."""
        lines = self.ask("GET", "/metrics").body.decode().splitlines()
        (resident,) = (line.split()[1] for line in lines if line.startswith("process_resident_memory_bytes"))
        return float(resident) / 2**20


@contextmanager
def server_process(place: Path, **settings: Any) -> Iterator[ServerProcess]:
    """`segpipe serve`, or the same with other `ServerSettings`; it has to end in good order.

    Raises:
        AssertionError: it does not come up or does not end well; with what it said.
    """
    command = [str(Path(sys.executable).with_name("segpipe")), "serve", str(place), "--port", "0"]
    if settings:
        command = [sys.executable, "-c", _WITH_SETTINGS, str(place), json.dumps(settings)]
    with tempfile.TemporaryFile("w+") as said:  # not a pipe, which stops who writes to it once it is full
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True) as process:
            assert process.stdout is not None
            try:
                port = next((match[1] for line in process.stdout if (match := _PORT.search(line))), None)
                assert port is not None, _end_of(said)
                yield ServerProcess(int(port), process)
                assert process.poll() is None, _end_of(said)
            finally:
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
        assert process.returncode == -signal.SIGTERM, _end_of(said)


_PORT = re.compile(r"requests http://127\.0\.0\.1:(\d+)/")


def _end_of(said: Any) -> str:
    said.seek(0)
    return said.read()[-3000:]
