"""What a blessed model is to predict: a section of a run's configuration."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.settings import Settings


class BulkInferenceSettings(Settings):
    """Masks that TFX's BulkInferrer has the model predict, once it is blessed; `segpipe masks` reads them."""

    enabled: bool = Field(False, description="true makes it a part of the run")
    split: Literal["train", "eval"] | None = Field(
        None, description="the split that is predicted, by default `evaluation.split`"
    )
