"""Requests that nobody should send, as the bytes that go over the wire."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from tests.components.segmentation_example_gen.spoil_bytes import spoil_bytes
from tests.components.segmentation_example_gen.spoil_image import spoil_image
from tests.models.tiny import image_and_mask, jpeg, png
from tests.pipeline.server.running import b64, instances
from tests.pipeline.server.spoil_json import spoil_json

UPLOAD, PREDICT = "/mask", "/v1/models/model:predict"

Random = np.random.Generator


class SpoiltRequest(NamedTuple):
    """Args:
    kind: what was done to it.
    wire: its bytes.
    path: where it goes.
    body: what the server may take for its body.
    whole: nothing was done that matters: it has to be answered with masks.
    patience: seconds after which the client gives up and may have no answer; None is never.
    """

    kind: str
    wire: bytes
    path: str
    body: bytes
    whole: bool = False
    patience: float | None = None


def spoilt_request(random: Random) -> SpoiltRequest:
    """One of all kinds."""
    names = list(_KINDS)
    weights = np.array([weight for weight, _ in _KINDS.values()], float)
    kind = names[random.choice(len(names), p=weights / weights.sum())]
    return _KINDS[kind][1](random)._replace(kind=kind)


def post(path: str, body: bytes, headers: str = "") -> bytes:
    return _head(path, f"Content-Length: {len(body)}\r\n{headers}") + body


def _head(path: str, headers: str) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()


def _image(random: Random) -> bytes:
    height, width = random.integers(1, 80, 2)
    image, _ = image_and_mask(int(random.integers(2**31)), int(height), int(width))
    shown = (image, image[..., 1], np.dstack([image, image[..., :1]]))[random.integers(3)]
    return png(shown) if shown.shape[2:] == (4,) or random.integers(2) else jpeg(shown)


def _whole(random: Random) -> SpoiltRequest:
    images = [_image(random) for _ in range(random.integers(1, 4))]
    if random.integers(2):
        return SpoiltRequest("", post(UPLOAD, images[0]), UPLOAD, images[0], whole=True)
    body = instances(*images)
    return SpoiltRequest("", post(PREDICT, body), PREDICT, body, whole=True)


def _spoilt(random: Random) -> bytes:
    image = _image(random)
    for _ in range(random.integers(1, 3)):
        image = (spoil_image if len(image) > 40 and random.integers(3) else spoil_bytes)(random, image)
    return image


def _upload(random: Random) -> SpoiltRequest:
    body = _spoilt(random)
    return SpoiltRequest("", post(UPLOAD, body), UPLOAD, body)


def _predict(random: Random) -> SpoiltRequest:
    images = [_spoilt(random), *(_image(random) for _ in range(random.integers(3)))]
    body = instances(*images[:: random.choice([-1, 1])])
    return SpoiltRequest("", post(PREDICT, body), PREDICT, body)


def _json_bytes(random: Random) -> SpoiltRequest:
    body = spoil_bytes(random, instances(_image(random)))
    return SpoiltRequest("", post(PREDICT, body), PREDICT, body)


def _json_types(random: Random) -> SpoiltRequest:
    image = b64(_image(random))
    shapes: list[Any] = [
        {"instances": [image, image]},
        {"instances": [{"image_bytes": image}]},
        {"inputs": [image]},
        {"inputs": {"image_bytes": [image]}, "signature_name": "rest"},
    ]
    tree = shapes[random.integers(len(shapes))]
    for _ in range(random.integers(1, 3)):
        tree = spoil_json(random, tree)
    text = json.dumps(tree)
    body = text.encode(("utf-8", "utf-16", "utf-32", "latin-1")[max(0, random.integers(-8, 4))])
    return SpoiltRequest("", post(PREDICT, body), PREDICT, body)


def _claims(random: Random) -> SpoiltRequest:
    size = int(random.choice([60_000, 65_535, 7_100, 2**31 - 1, 2**32 - 1]))
    one = bytearray(png(np.zeros((1, 1), np.uint8)))
    one[16:24] = struct.pack(">II", size, int(random.choice([size, 1])))
    one[29:33] = struct.pack(">I", zlib.crc32(bytes(one[12:29])))
    grey = bytearray(jpeg(np.zeros((8, 8), np.uint8)))
    frame = grey.index(b"\xff\xc0") + 5
    grey[frame : frame + 4] = struct.pack(">HH", min(size, 65_535), min(size, 65_535))
    header = png(np.zeros((9, 9), np.uint8))
    unpacked = zlib.compress(bytes(30_000_000))
    named = (b"zTXt", b"iCCP")[random.integers(2)]
    chunk = b"name\0\0" + unpacked
    text = struct.pack(">I", len(chunk)) + named + chunk + struct.pack(">I", zlib.crc32(named + chunk))
    many = _progressive()[:-2] + b"\xff\xda\0\x08\x01\x01\0\x01\x3f\0" * 90_000 + b"\xff\xd9"
    return _either(random, (bytes(one), bytes(grey), header[:33] + text + header[33:], many)[random.integers(4)])


@lru_cache
def _progressive() -> bytes:
    """Each more scan of it costs a decoder as much as its 25 million pixels do."""
    encoded = io.BytesIO()
    Image.new("L", (5_000, 5_000)).save(encoded, "JPEG", progressive=True, quality=10)
    return encoded.getvalue()


def _either(random: Random, image: bytes) -> SpoiltRequest:
    path, body = ((UPLOAD, image), (PREDICT, instances(image)))[random.integers(2)]
    return SpoiltRequest("", post(path, body), path, body)


def _large(random: Random) -> SpoiltRequest:
    """Many pixels in few bytes: allowed, and a lot of work."""
    return _either(random, png(np.zeros((int(random.integers(1_000, 3_000)), 4_000), np.uint8)))


def _many(random: Random) -> SpoiltRequest:
    count = int(random.choice([50, 1_000, 20_000]))
    body = instances(*[png(np.zeros((1, 1), np.uint8))] * count)
    return SpoiltRequest("", post(PREDICT, body), PREDICT, body)


def _length(random: Random) -> SpoiltRequest:
    body = _image(random)
    stated = str(random.choice(["-1", "+5", "0x10", "1e3", "", "9" * 19, "9" * 6000, "5, 5", "5\r\nContent-Length: 6"]))
    if random.integers(2):
        stated = str(int(random.integers(2 * len(body))))
    seen = body[: int(stated)] if stated.isdecimal() and len(stated) < 20 else body
    return SpoiltRequest("", _head(UPLOAD, f"Content-Length: {stated}\r\n") + body, UPLOAD, seen)


def _nested(random: Random) -> SpoiltRequest:
    depth = int(random.choice([100, 900, 990, 1_100, 100_000, 900_000]))
    opened, closed = ((b"[", b"]"), (b'{"instances":', b"}"), (b'{"instances":[', b"]}"))[random.integers(3)]
    body = opened * depth + b"1" * int(random.choice([1, 5_000])) + closed * depth * int(random.integers(2))
    body = (body, b'{"instances": [' + body + b"]}")[random.integers(2)]
    return SpoiltRequest("", post(PREDICT, body), PREDICT, body)


def _chunks(random: Random) -> SpoiltRequest:
    body = _image(random)
    cuts = [0, *sorted(random.integers(0, len(body) + 1, 5).tolist()), len(body)]
    parts = [body[start:end] for start, end in pairwise(cuts) if end > start]
    chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in parts]
    kind = random.integers(6)
    if kind == 0:
        chunks.insert(int(random.integers(len(chunks))), b"%x\r\n" % int(random.choice([2**31, 2**63, 2**100])))
    elif kind == 1:
        chunks[0] = spoil_bytes(random, b"%x" % len(parts[0])) + b"\r\n" + parts[0] + b"\r\n"
    elif kind == 2:
        chunks += [b"10000\r\n" + bytes(0x10000) + b"\r\n"] * 160
    ended = b"" if kind in (2, 3) else b"0\r\n\r\n"
    extra = "Content-Length: 5\r\n" if kind == 4 else ""
    wire = _head(UPLOAD, f"Transfer-Encoding: chunked\r\n{extra}") + b"".join(chunks) + ended
    return SpoiltRequest("", wire, UPLOAD, body, whole=kind == 5)


def _content_type(random: Random) -> SpoiltRequest:
    body = _image(random)
    if random.integers(2):
        part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        body = part + body + b"\r\n--x--\r\n"
    said = random.choice(
        ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/\xff", "/" * 999]
    )
    path = (UPLOAD, PREDICT)[random.integers(2)]
    return SpoiltRequest("", post(path, body, f"Content-Type: {said}\r\nContent-Encoding: gzip\r\n"), path, body)


def _broken_off(random: Random) -> SpoiltRequest:
    request = _whole(random)
    end = int(random.integers(len(request.wire)))
    return request._replace(wire=request.wire[:end], whole=False, patience=float(random.choice([0, 0, 0, 2.5])))


def _head_bytes(random: Random) -> SpoiltRequest:
    body = instances(_image(random))
    head, _, _ = post(PREDICT, body).partition(b"\r\n\r\n")
    if random.integers(2):
        head = spoil_bytes(random, head)
    else:
        line, _, rest = head.partition(b"\r\n")
        lines = [
            b"PUT / HTTP/1.1",
            b"GET /mask HTTP/9.9",
            b"PRI * HTTP/2.0",
            b"POST /mask/ HTTP/1.1",
            b"POST * HTTP/1.1",
        ]
        lines += [b"POST %s HTTP/1.1" % path for path in (b"//", b"/%00", b"/%ff", b"/a" * 40_000, b"http://x/mask")]
        more = [b"", b"\r\nExpect: 100-continue", b"\r\nA: %s" % (b"b" * 70_000), b"\r\nA: b" * 2_000]
        more += [b"\r\nConnection: Upgrade\r\nUpgrade: %s" % what for what in (b"websocket", b"h2c")]
        head = (line, *lines)[random.integers(len(lines) + 1)] + b"\r\n" + rest + more[random.integers(len(more))]
    return SpoiltRequest("", head + b"\r\n\r\n" + body, PREDICT, body, patience=2.5)


_KINDS: dict[str, tuple[float, Callable[[Random], SpoiltRequest]]] = {
    "nothing": (10, _whole),
    "an image, uploaded": (25, _upload),
    "an image, in JSON": (20, _predict),
    "JSON's bytes": (8, _json_bytes),
    "JSON's types": (10, _json_types),
    "claims of size": (4, _claims),
    "many pixels": (0.2, _large),
    "many images": (0.3, _many),
    "Content-Length": (4, _length),
    "nesting": (3, _nested),
    "chunks": (6, _chunks),
    "content type": (3, _content_type),
    "a body that breaks off": (4, _broken_off),
    "the head": (5, _head_bytes),
}
