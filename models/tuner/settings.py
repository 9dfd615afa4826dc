"""The typed parameters of the search for a recipe: the section `tuner` of a run's configuration."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from models.settings import Settings

Values = tuple[float, ...]
_RATES = ("learning_rate", "weight_decay", "backbone_learning_rate")


def _no_bools(values: Any) -> Any:
    """Pydantic takes true for 1."""
    if isinstance(values, list | tuple) and any(isinstance(value, bool) for value in values):
        raise ValueError("should be a list of numbers")
    return values


def _rise(values: Values) -> Values:
    if any(one >= other for one, other in pairwise(values)):
        raise ValueError("should go from the least to the greatest")
    return values


_Values = Annotated[Values, Field(min_length=2, max_length=16), BeforeValidator(_no_bools), AfterValidator(_rise)]


class SearchSettings(Settings):
    """What is searched: keys of `training`. Two numbers of a rate are a range, any other list is of choices.

    A range is drawn from log-uniformly (Bergstra and Bengio 2012, Random search for hyper-parameter optimization).
    """

    learning_rate: _Values | None = Field(None, description="such as [0.001, 0.02]: a range")
    weight_decay: _Values | None = Field(None, description="such as [1.0e-5, 1.0e-3], a range, or [0, 1.0e-4, 1.0e-3]")
    backbone_learning_rate: _Values | None = Field(None, description="such as [0.1, 1]: a range")
    class_balance: _Values | None = Field(None, description="such as [0, 0.5, 1]: choices")
    hard_pixels: _Values | None = Field(None, description="such as [0.25, 0.5, 1]: choices")
    dice: _Values | None = Field(None, description="such as [0, 1]: choices")

    @property
    def knobs(self) -> dict[str, Values]:
        """What is searched, by its name in `training`."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}

    def candidates(self) -> Iterator[tuple[str, float]]:
        """Every knob with every choice, or with the ends of its range."""
        return ((knob, value) for knob, values in self.knobs.items() for value in values)

    def is_range(self, knob: str) -> bool:
        """Whether a knob is drawn between two ends, and not from choices."""
        return knob in _RATES and len(self.knobs[knob]) == 2

    @field_validator(*_RATES)
    @classmethod
    def _range_has_a_logarithm(cls, values: Values | None) -> Values | None:
        if values and len(values) == 2 and values[0] <= 0:
            raise ValueError("two numbers are the ends of a range, drawn from by logarithm: both should be above 0")
        return values

    @model_validator(mode="after")
    def _something_is_searched(self) -> SearchSettings:
        if not self.knobs:
            raise ValueError(f"should have one of {', '.join(type(self).model_fields)}")
        return self


class TunerSettings(Settings):
    """A search for the recipe before the training: short trainings, judged by their mean IoU on held-out images."""

    trials: int = Field(
        10, ge=2, le=1000, description="how many short trainings; the first has the recipe's own values"
    )
    steps: int = Field(500, ge=1, description="of each, at most training.steps; the schedule shrinks with them")
    search: SearchSettings = Field(description="what is searched")
