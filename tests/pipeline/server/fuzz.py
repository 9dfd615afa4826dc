"""Spoilt requests for `segpipe serve`: `python -m tests.pipeline.server.fuzz [REQUESTS [SEED]]`.

A server in a process of its own is sent valid requests that were spoilt at each level: the image, its JSON, the body's
framing, the head. Each answer has to be 4xx, or the masks that the same model gives here for the same bytes.
"""

from __future__ import annotations

import base64
import http.client
import io
import json
import os
import socket
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from PIL import Image

from pipeline.prediction.load_model import Model, load_model
from tests.models.exported_model import exported_model
from tests.models.tiny import png
from tests.pipeline.server.running import Answer, Client
from tests.pipeline.server.server_process import ServerProcess, server_process
from tests.pipeline.server.spoilt_request import UPLOAD, SpoiltRequest, spoilt_request

CLIENTS = 8
SETTINGS = {"max_bytes": 4 * 2**20, "body_seconds": 1.0}
_PATIENCE = 120  # seconds, after which a request counts as hung
_WARM_UP = 200


@dataclass
class Outcome:
    """What came of the requests.

    Args:
        answers: by what was spoilt and status; None is no answer to a client that has given up.
        slowest: seconds that an answer took.
        base: MiB of the server after the warm-up, which has images of twelve million pixels in it.
        memory: MiB of the server, idle, by the number of requests answered since.
    """

    answers: Counter[tuple[str, int | None]] = field(default_factory=Counter)
    slowest: float = 0.0
    base: float = 0.0
    memory: list[tuple[int, float]] = field(default_factory=list)


def fuzz(model: Path, requests: int, seed: int = 0) -> Outcome:
    """Sends that many requests to a server of the model.

    Raises:
        AssertionError: an answer is none of those it may be, or the server did not stay alive.
    """
    segment, outcome = load_model(model), Outcome()
    with server_process(model, **SETTINGS) as server, ThreadPoolExecutor(CLIENTS) as clients:

        def send(number: int, seed: int = seed) -> tuple[str, int | None, float]:
            request = spoilt_request(np.random.default_rng([seed, number]))
            started = time.monotonic()
            try:
                answer = _answer(server, request)
                took = time.monotonic() - started
                _check(answer, request, segment)
            except BaseException:
                print(f"request {number} of seed {seed}: {request.kind}: {request.wire[:2000]!r}", file=sys.stderr)
                raise
            return request.kind, answer and answer.status, took

        def idle(server: ServerProcess) -> float:
            assert server.ask("GET", "/healthz").status == 200
            return server.memory

        list(clients.map(lambda number: send(number, seed + 1), range(_WARM_UP)))
        # What the allocator keeps of the largest image that each thread has had is kept for the next.
        large = png(np.zeros((3_000, 4_000), np.uint8))
        assert all(answer.status == 200 for answer in clients.map(server.predict, [large] * CLIENTS))
        outcome.base = idle(server)
        numbers = np.array_split(np.arange(requests), 10)
        for part in numbers:
            for kind, status, took in clients.map(send, part.tolist()):
                outcome.answers[kind, status] += 1
                outcome.slowest = max(outcome.slowest, took)
            outcome.memory.append((int(part[-1]) + 1, idle(server)))
    return outcome


def _answer(server: Client, request: SpoiltRequest) -> Answer | None:
    """None where the client gives up; only one that may does."""
    patience = _PATIENCE if request.patience is None else request.patience
    with socket.create_connection(("127.0.0.1", server.port), timeout=_PATIENCE) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough, and may have said so
            connection.sendall(request.wire)
        if patience == 0:
            connection.shutdown(socket.SHUT_WR)
        connection.settimeout(patience or _PATIENCE)
        response = http.client.HTTPResponse(connection, method="POST")
        try:
            response.begin()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        except (OSError, http.client.HTTPException):
            if request.patience is None:
                raise
            return None
        finally:
            response.close()


def _check(answer: Answer | None, request: SpoiltRequest, segment: Model) -> None:
    if answer is None:
        return
    assert answer.status == 200 or (not request.whole and 400 <= answer.status < 500), (answer.status, answer.body)
    if answer.status != 200:
        assert answer.headers["content-type"].startswith("text/plain") or answer.json["error"], answer
        return
    (expected, given) = (segment(_images(request)), _masks(answer, request))
    if request.path == UPLOAD:
        assert [_pixels(mask) for mask in expected] == given
    else:
        assert expected == given


def _masks(answer: Answer, request: SpoiltRequest) -> list:
    if request.path == UPLOAD:
        return [_pixels(base64.b64decode(answer.json["mask"]))]
    (masks,) = answer.json.values()
    return [base64.b64decode(mask["b64"]) for mask in masks]


def _images(request: SpoiltRequest) -> list[bytes]:
    """Those that a server that takes it has to find in it, in their order."""
    return [request.body] if request.path == UPLOAD else list(_encoded(json.loads(request.body)))


def _encoded(node: Any) -> Iterator[bytes]:
    if isinstance(node, dict) and isinstance(node.get("b64"), str):
        yield base64.b64decode(node["b64"])
    elif isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from _encoded(value)


def _pixels(mask: bytes) -> tuple[tuple[int, int], bytes]:
    """Size and ids: the page's mask has a palette, the model's has none."""
    with Image.open(io.BytesIO(mask)) as opened:
        return opened.size, opened.tobytes()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        exported = exported_model(Path(folder) / "1")
        start = time.monotonic()
        outcome = fuzz(exported, *map(int, sys.argv[1:] or ["5000"]))
    seconds = time.monotonic() - start
    print(
        f"{outcome.answers.total()} requests in {seconds:.0f} s, the slowest {outcome.slowest:.2f} s; spoilt, answered:"
    )
    for kind in sorted({kind for kind, _ in outcome.answers}):
        statuses = {status: count for (other, status), count in outcome.answers.items() if other == kind}
        told = (f"{count} {status or 'given up'}" for status, count in sorted(statuses.items(), key=str))
        print(f"  {kind}: {', '.join(told)}")
    print(f"MiB of the server: {outcome.base:.0f} at first, ", end="")
    print(", ".join(f"{memory:.0f} after {number}" for number, memory in outcome.memory))
