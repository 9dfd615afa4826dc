"""What the sections of a run's configuration have in common.

Those of preprocessing, model and training live in `models`, not in `pipeline`, because `preprocessing_fn` and `run_fn`
read them too, from what TFX hands them.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

Fraction = Annotated[float, Field(ge=0, le=1)]


def _square(value: object) -> object:
    return (value, value) if isinstance(value, int) and not isinstance(value, bool) else value


def _fits_the_stride(value: tuple[int, int]) -> tuple[int, int]:
    if any(side < 32 or side % 16 for side in value):
        raise ValueError("should be multiples of 16, at least 32: the output stride of the backbone")
    return value


InputSize = Annotated[tuple[int, int], BeforeValidator(_square), AfterValidator(_fits_the_stride)]


class Settings(BaseModel):
    """Base of every section: immutable; unknown keys, NaN and infinity are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _empty_section(cls, value: object) -> object:
        """In YAML a section whose every line is commented out is null."""
        return {} if value is None else value

    @field_validator("*", mode="before")
    @classmethod
    def _no_bool_as_number(cls, value: Any, info: ValidationInfo) -> Any:
        """Pydantic takes true for 1: `flip: true` would flip every image."""
        if isinstance(value, bool) and cls.model_fields[str(info.field_name)].annotation is not bool:
            raise ValueError("should not be true or false")
        return value
