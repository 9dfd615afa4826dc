"""The body of a request, no larger and no slower than it may be."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from pipeline.server.bad_request import BadRequestError


async def read_body(request: Request, max_bytes: int, seconds: float) -> bytes:
    """Reads it part by part, and no further than it may go.

    Raises:
        BadRequestError: it is larger than `max_bytes` (413), takes longer than that (408), or breaks off.
    """
    stated = request.headers.get("content-length", "0")
    if stated.isdecimal() and int(stated) > max_bytes:
        raise _too_large(max_bytes)
    try:
        return await asyncio.wait_for(_read(request, max_bytes), seconds)
    except asyncio.TimeoutError as error:
        raise BadRequestError(f"the request did not arrive within {seconds:g} s", 408) from error
    except ClientDisconnect as error:
        raise BadRequestError("the request broke off") from error


async def _read(request: Request, max_bytes: int) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(body)


def _too_large(max_bytes: int) -> BadRequestError:
    return BadRequestError(f"a request may have {max_bytes:,} bytes", 413)
