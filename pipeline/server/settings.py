"""What a server may be asked for."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ServerSettings:
    """Args:
    name: of the model, in the paths of its API.
    max_bytes: of a request.
    max_images: of a request.
    max_pixels: of an image, and of all images of a request.
    body_seconds: that a request's body may take to arrive.
    workers: calls of the model at once.
    admitted: requests whose bodies are in memory at once; more wait in line, with no more than their headers read.
    """

    name: str = "model"
    max_bytes: int = 32 * 2**20
    max_images: int = 256
    max_pixels: int = 50_000_000
    body_seconds: float = 30.0
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    admitted: int = 16
