"""A recipe with other values."""

from __future__ import annotations

from collections.abc import Mapping

from models.recipe.training_settings import TrainingSettings


def apply_hyperparameters(training: TrainingSettings, values: Mapping[str, object]) -> TrainingSettings:
    """The recipe with `values` in place of its own.

    Raises:
        pydantic.ValidationError: they are not those of a recipe, by themselves or together.
    """
    return TrainingSettings.model_validate(training.model_dump() | dict(values))
