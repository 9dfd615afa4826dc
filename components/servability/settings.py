"""What a model is tried with before it is pushed."""

from __future__ import annotations

from pydantic import Field

from models.settings import Settings


class ServabilitySettings(Settings):
    """What the exported model has to stand, in a process of its own, before it is pushed."""

    enabled: bool = Field(True, description="false leaves all of it out, and the Gate to the scores alone")
    images: int = Field(32, ge=1, description="of the split that is measured: every signature has to answer them alike")
    max_latency_ms: float | None = Field(
        None, gt=0, description="the longest that one of these images may take, by the median of calls of one each"
    )
    max_memory_mb: int | None = Field(None, gt=0, description="the most memory that the process may have had, in MB")
    timeout_s: int = Field(900, ge=1, description="seconds for all of it")
