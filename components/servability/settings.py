"""What a model is tried with before it is pushed."""

from __future__ import annotations

from pydantic import Field, model_validator

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
    tensorflow_serving: str | None = Field(
        None,
        pattern=r"^[^\s:]+(:\d+/[^\s:]+)?:\w[\w.-]*$",
        description="an image, such as tensorflow/serving:2.16.1, that has to load the model and answer as many images "
        "too: TFX's InfraValidator, which needs Docker on this machine; by default there is none",
    )

    @model_validator(mode="after")
    def _all_or_nothing(self) -> ServabilitySettings:
        if self.tensorflow_serving and not self.enabled:
            raise ValueError(
                "tensorflow_serving should not be there where enabled is false, which leaves all of it out"
            )
        return self
