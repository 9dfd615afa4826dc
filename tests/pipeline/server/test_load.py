"""`segpipe serve` under load, also while a newer version is pushed."""

import itertools
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from pipeline.prediction.load_model import load_model
from tests.models.tiny import image_and_mask, jpeg
from tests.pipeline.server.running import Answer, b64
from tests.pipeline.server.server_process import server_process

pytestmark = pytest.mark.slow

IMAGES = [jpeg(image_and_mask(index, 20 + index, 300 - index)[0]) for index in range(200)]


def test_of_two_hundred_requests_at_once_none_is_lost(exported):
    expected = load_model(exported)(IMAGES)
    together = threading.Barrier(len(IMAGES))

    with server_process(exported) as server, ThreadPoolExecutor(len(IMAGES)) as clients:

        def ask(image: bytes) -> Answer:
            together.wait(60)
            return server.predict(image)

        answers = list(clients.map(ask, IMAGES))
    assert [answer.status for answer in answers] == [200] * len(IMAGES)
    assert [answer.json["predictions"] for answer in answers] == [[b64(mask)] for mask in expected]


class Asked(NamedTuple):
    index: int
    begun: float
    ended: float
    answer: Answer


def test_no_request_is_dropped_while_a_newer_version_takes_over(exported, exported_later, tmp_path):
    expected = {"100": load_model(exported)(IMAGES), "200": load_model(exported_later)(IMAGES)}
    assert all(old != new for old, new in zip(*expected.values(), strict=True))
    serving = tmp_path / "serving"
    shutil.copytree(exported, serving / "100")
    asked: list[Asked] = []
    enough = threading.Event()

    with server_process(tmp_path) as server, ThreadPoolExecutor(16) as clients:

        def ask(first: int) -> None:
            for index in itertools.cycle([*range(first, len(IMAGES)), *range(first)]):
                if enough.is_set():
                    return
                begun = time.monotonic()
                answer = server.predict(IMAGES[index])
                asked.append(Asked(index, begun, time.monotonic(), answer))

        def wait_for(number: int, version: str) -> None:
            deadline = time.monotonic() + 120
            while sum(one.answer.headers.get("model-version") == version for one in list(asked)) < number:
                assert time.monotonic() < deadline and not any(loop.done() for loop in loops)
                time.sleep(0.05)

        loops = [clients.submit(ask, 12 * client) for client in range(16)]
        try:
            wait_for(100, "100")
            shutil.copytree(exported_later, tmp_path / "unfinished")
            (tmp_path / "unfinished").rename(serving / "200")
            wait_for(100, "200")
        finally:
            enough.set()
        for loop in loops:
            loop.result()

    for one in asked:
        assert one.answer.status == 200
        version = one.answer.headers["model-version"]
        assert one.answer.json["predictions"] == [b64(expected[version][one.index])]
    taken_over = min(one.ended for one in asked if one.answer.headers["model-version"] == "200")
    later = {one.answer.headers["model-version"] for one in asked if one.begun > taken_over}
    assert later == {"200"}
