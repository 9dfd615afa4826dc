"""What is measured, and what has to be reached: a section of a run's configuration."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from components.gate.settings import GateSettings
from models.settings import Settings
from schema.record import SLICEABLE


class EvaluationSettings(Settings):
    """What the Evaluator measures."""

    split: Literal["train", "eval"] = Field("eval", description="the split that is measured")
    slices: tuple[str, ...] = Field(
        (), description=f"features by whose values it is measured as well: {', '.join(SLICEABLE)}"
    )
    background: str = Field(
        "background", description="the class that the foreground mean IoU leaves out, if there is one"
    )
    confidence_intervals: bool = Field(
        False, description="measure 95 % intervals by TFMA's jackknife; rough below 20 images"
    )
    gate: GateSettings

    @field_validator("slices")
    @classmethod
    def _are_features(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = sorted(set(value) - set(SLICEABLE))
        if unknown:
            raise ValueError(f"cannot slice by {', '.join(unknown)}; expected some of {', '.join(SLICEABLE)}")
        return value

    @model_validator(mode="after")
    def _rules_are_of_measured_slices(self) -> EvaluationSettings:
        for rule in self.gate.rules:
            if len(rule.where) > 1 or not set(rule.where) <= set(self.slices):
                raise ValueError(
                    f"a gate rule has where {rule.where}: expected one feature of evaluation.slices {list(self.slices)}"
                )
        return self
