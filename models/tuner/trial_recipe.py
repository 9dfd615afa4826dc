"""What a trial trains by."""

from __future__ import annotations

from models.recipe.training_settings import TrainingSettings
from models.tuner.apply_hyperparameters import apply_hyperparameters
from models.tuner.settings import TunerSettings


def trial_recipe(training: TrainingSettings, tuner: TunerSettings) -> TrainingSettings:
    """The recipe in small: the whole schedule within `tuner.steps`, and one look at the held-out images, at the end."""
    warmup_steps = training.warmup_steps * tuner.steps // training.steps
    small = {"steps": tuner.steps, "warmup_steps": warmup_steps, "validate_every": tuner.steps, "early_stopping": None}
    return apply_hyperparameters(training, small)
