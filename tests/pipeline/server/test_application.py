"""The server's paths, in front of a model whose answers are known."""

import base64
import io
import json
import socket
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from pipeline.server.application import application
from pipeline.server.settings import ServerSettings
from tests.components.report.fake_model import LABEL_MAP, encode
from tests.pipeline.server.running import Client, b64, instances, running
from tests.pipeline.server.served import Served, mask_of

LEVELS = [[0, 150, 250, 250]]
IDS = [[0, 1, 2, 2]]
SETTINGS = ServerSettings(max_bytes=200_000, max_images=100, max_pixels=10_000, body_seconds=0.5, workers=2, admitted=4)


@pytest.fixture(scope="module")
def served() -> Served:
    return Served()


@pytest.fixture(scope="module")
def client(served):
    with running(application(served, SETTINGS)) as client:
        yield client


@pytest.mark.parametrize(
    ("request_of", "key"),
    [
        (lambda images: {"instances": [b64(image) for image in images]}, "predictions"),
        (lambda images: {"instances": [{"image_bytes": b64(image)} for image in images]}, "predictions"),
        (lambda images: {"inputs": [b64(image) for image in images]}, "outputs"),
        (lambda images: {"inputs": {"image_bytes": [b64(image) for image in images]}}, "outputs"),
        (lambda images: {"signature_name": "rest", "instances": [b64(image) for image in images]}, "predictions"),
    ],
    ids=["rows", "named rows", "a column", "a named column", "the signature for JSON"],
)
@pytest.mark.parametrize("path", ["/v1/models/model:predict", "/v1/models/model/versions/1700000000:predict"])
def test_clients_of_tensorflow_serving_are_understood(client, request_of, key, path):
    images = [encode(LEVELS), encode(np.full((5, 7), 150), "JPEG")]
    answer = client.ask("POST", path, json.dumps(request_of(images)).encode())
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json == {key: [b64(mask_of(image)) for image in images]}


def test_the_page_gets_a_mask_in_colours_and_a_legend(client):
    answer = client.ask("POST", "/mask", encode(LEVELS))
    assert answer.status == 200
    assert answer.json["version"] == answer.headers["model-version"] == "1700000000"
    assert answer.json["classes"] == [
        {"name": "bright", "color": "#f0f028", "share": 0.5},
        {"name": "dark", "color": "#000064", "share": 0.25},
        {"name": "grey", "color": "#c86400", "share": 0.25},
    ]
    with Image.open(io.BytesIO(base64.b64decode(answer.json["mask"]))) as mask:
        assert mask.mode == "P" and np.asarray(mask).tolist() == IDS
        assert mask.convert("RGB").getpixel((3, 0)) == LABEL_MAP.colors[2]


def test_the_page_runs_its_own_script_and_no_other(client):
    answer = client.ask("GET", "/")
    text = answer.body.decode()
    assert answer.status == 200 and "1700000000" in text
    assert "connect-src 'self'" in text and "script-src 'sha256-" in text


def test_health_status_and_metrics(client):
    assert client.ask("GET", "/healthz").body == b"ok\n"
    (status,) = client.ask("GET", "/v1/models/model").json["model_version_status"]
    assert (status["version"], status["state"]) == ("1700000000", "AVAILABLE")
    before = _metrics(client)
    assert client.predict(encode(LEVELS), encode(LEVELS)).status == 200
    assert client.predict(b"nonsense").status == 415
    after = _metrics(client)
    changes = {name: after[name] - before.get(name, 0) for name in after}
    assert changes["segpipe_images_total"] == 2 and changes["segpipe_request_seconds_count"] == 1
    assert changes['segpipe_requests_total{status="415"}'] == 1
    assert after['segpipe_model_version{version="1700000000"}'] == 1
    assert after["segpipe_requests_under_way"] == 0 and after["process_resident_memory_bytes"] > 1e6


def _metrics(client: Client) -> dict[str, float]:
    lines = client.ask("GET", "/metrics").body.decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def _huge() -> bytes:
    """A PNG that claims 60000x60000 pixels and has none."""
    header = io.BytesIO()
    Image.new("L", (1, 1)).save(header, "PNG")
    data = bytearray(header.getvalue())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


def _many_scans() -> bytes:
    """A JPEG, and over and over the header of a scan of one bit."""
    return encode(LEVELS, "JPEG")[:-2] + b"\xff\xda\0\x08\x01\x01\0\x01\x3f\0" * 200


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"", 400, "expected JSON"),
        (b"{", 400, "expected JSON"),
        (b"[" * 100_000, 400, "expected JSON"),
        (b"\xff\xfe", 400, "expected JSON"),
        (b"[]", 400, 'expected a JSON object with either "instances" or "inputs"'),
        (b'{"instances": [], "inputs": []}', 400, 'expected a JSON object with either "instances" or "inputs"'),
        (b'{"instances": []}', 400, "expected a list of images"),
        (b'{"inputs": {"image": []}}', 400, 'expected the input "image_bytes" and no other'),
        (b'{"instances": ["abcd"]}', 400, 'expected each image as {"b64": "..."}'),
        (b'{"instances": [{"b64": 5}]}', 400, 'expected each image as {"b64": "..."}'),
        (b'{"instances": [{"b64": "a*b="}]}', 400, "an image is not base64"),
        (b'{"instances": [{"b64": "a"}]}', 400, "an image is not base64"),
        (b'{"instances": [{"b64": ""}], "signature": 1}', 400, 'unknown key "signature"'),
        (b'{"instances": [{"b64": ""}], "signature_name": "scores"}', 400, "signature_name should be one of"),
        (b'{"instances": [{"b64": ""}]}', 415, "expected the bytes of a JPEG or PNG image"),
        (json.dumps({"instances": [b64(b"GIF89a" + bytes(50))]}).encode(), 415, "expected the bytes of a JPEG or PNG"),
        (json.dumps({"instances": [b64(_huge())]}).encode(), 413, "pixels"),
        (json.dumps({"instances": [b64(encode(np.zeros((100, 101))))]}).encode(), 413, "is 101x100; at most 10,000"),
        (instances(*[encode(np.zeros((50, 60)))] * 4), 413, "12,000 pixels in all; a request may have 10,000"),
        (instances(*[encode([[0]])] * 101), 413, "a request may have 100 images"),
        (json.dumps({"instances": [b64(_many_scans())]}).encode(), 413, "a JPEG has more than 100 scans"),
        (json.dumps({"instances": [b64(encode([[99]]))]}).encode(), 400, "no 99"),
        (b" " * 200_001, 413, "a request may have 200,000 bytes"),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else str(value),
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_server_goes_on(client, body, status, message):
    answer = client.ask("POST", "/v1/models/model:predict", body)
    assert answer.status == status
    assert message in answer.json["error"] and answer.json.keys() == {"error"}
    assert client.predict(encode(LEVELS)).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/mask/", 404),
        ("POST", "/v1/models/other:predict", 404),
        ("POST", "/v1/models/model/versions/5:predict", 404),
        ("GET", "/v1/models/other", 404),
        ("GET", "/mask", 405),
        ("DELETE", "/v1/models/model:predict", 405),
    ],
)
def test_other_paths_are_answered_in_json_too(client, method, path, status):
    answer = client.ask(method, path, b"{}" if method == "POST" else None)
    assert answer.status == status and answer.json.keys() == {"error"}


def test_a_body_without_a_stated_length_is_bounded_too(client):
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", client.port), timeout=30) as connection:
        connection.sendall(b"POST /mask HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(100):
                connection.sendall(chunk)
        except OSError:  # it has heard enough
            pass
        assert b" 413 " in connection.recv(100)


def test_a_body_that_does_not_come_is_given_up(client):
    with socket.create_connection(("127.0.0.1", client.port), timeout=30) as connection:
        connection.sendall(b"POST /mask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx")
        assert b" 408 " in connection.recv(100)


def test_many_at_once_are_all_answered_and_few_at_a_time(client, served):
    images = [encode([[level % 256] * (1 + level)]) for level in range(100)]
    served.most_at_once = 0
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(client.predict, images))
    assert [answer.json["predictions"][0] for answer in answers] == [b64(mask_of(image)) for image in images]
    assert served.most_at_once == SETTINGS.workers


def test_a_request_is_answered_by_one_version(client, served):
    """Whatever is pushed while it is under way."""
    old, new = served.version, served.version._replace(name="1800000000")
    try:
        served.version = new
        assert client.predict(encode(LEVELS)).headers["model-version"] == "1800000000"
    finally:
        served.version = old
    assert client.predict(encode(LEVELS)).headers["model-version"] == "1700000000"


def test_a_fault_of_ours_is_told_without_its_inside(client, served, caplog):
    version = served.version
    try:
        served.version = version._replace(segment=None)
        answer = client.predict(encode(LEVELS))
    finally:
        served.version = version
    assert (answer.status, answer.json) == (500, {"error": "internal error"})
    assert "NoneType" in caplog.text
    assert client.predict(encode(LEVELS)).status == 200
