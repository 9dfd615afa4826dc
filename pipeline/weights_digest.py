"""Makes a weights file part of the cache key: its path says nothing of what is in it."""

from __future__ import annotations

import hashlib
from pathlib import Path


def weights_digest(weights: str) -> str:
    """The SHA-256 of the file; empty for `imagenet` and `none`."""
    if weights in ("imagenet", "none"):
        return ""
    digest = hashlib.sha256()
    with Path(weights).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
