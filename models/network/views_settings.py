"""The typed parameters of test-time augmentation."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from models.settings import Settings


class ViewsSettings(Settings):
    """Test-time augmentation: the exported model averages what the network says of several views of each image."""

    flip: bool = Field(False, description="also mirrored left and right")
    scales: Annotated[tuple[Annotated[float, Field(ge=0.25, le=4)], ...], Field(min_length=1, max_length=8)] = Field(
        (1.0,), description="factors on model.input_size, rounded to a multiple of 32 pixels"
    )

    @property
    def more_than_one(self) -> bool:
        """Whether there is anything to average, or to scale."""
        return self.flip or self.scales != (1.0,)

    @field_validator("scales")
    @classmethod
    def _differ(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(set(value)) < len(value):
            raise ValueError("should all differ: a scale given twice would only count twice")
        return value
