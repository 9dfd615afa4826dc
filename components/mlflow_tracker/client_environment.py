"""How MLflow's client is told what it takes from nowhere but the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_ALWAYS = {
    "DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
}
TIMEOUT = "MLFLOW_HTTP_REQUEST_TIMEOUT"


@contextmanager
def client_environment(timeout: int | str) -> Iterator[None]:
    """While in here, MLflow does not retry, does not phone home and prints nothing; afterwards all is as it was.

    Args:
        timeout: seconds that a server may take to be connected to, and again between two signs of life.
    """
    values = _ALWAYS | {TIMEOUT: str(timeout)}
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
