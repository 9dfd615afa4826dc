"""Serves a pushed model over HTTP, to try it and to build against it."""

from __future__ import annotations

import logging
import socket
from pathlib import Path

import uvicorn
from rich.console import Console
from rich.logging import RichHandler

from pipeline.server.application import application
from pipeline.server.served_model import ServedModel
from pipeline.server.settings import ServerSettings
from schema.user_error import UserError

_LOOK_EVERY = 2.0  # seconds between looks for a newer version
_DRAIN = 30  # seconds that requests under way have to be answered when the server is to end


def serve(place: Path, host: str, port: int, settings: ServerSettings) -> None:
    """Serves until SIGINT or SIGTERM; then takes no more requests and answers those that are under way.

    Args:
        place: a run's folder, a folder of versions, of which the newest is served, or one version.
        host: the address to listen at.
        port: 0 takes any that is free.
        settings: what may be asked for.

    Raises:
        UserError: there is no model, or the address cannot be listened at.
    """
    logger = logging.getLogger("segpipe.serve")
    logger.addHandler(RichHandler(console=Console(stderr=True, soft_wrap=True), show_path=False))
    logger.setLevel(logging.INFO)
    try:
        listening = socket.create_server((host, port), backlog=1024)
    except OSError as error:
        raise UserError(f"cannot listen at {host}:{port}: {error.strerror}; choose another --port") from error
    with listening:
        served = ServedModel(place)
        served.watch(_LOOK_EVERY)
        config = uvicorn.Config(
            application(served, settings),
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=_DRAIN,
        )
        port = listening.getsockname()[1]
        print(
            f"version {served.version.name} is served\n"
            f"  page     http://{host}:{port}/\n"
            f"  requests http://{host}:{port}/v1/models/{settings.name}:predict",
            flush=True,
        )
        try:
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            served.stop()
