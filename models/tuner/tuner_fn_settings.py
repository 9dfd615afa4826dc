"""What a search is told."""

from __future__ import annotations

from models.training.trainer_settings import TrainerSettings
from models.tuner.settings import TunerSettings


class TunerFnSettings(TrainerSettings):
    """What `tuner_fn` is told, as Tuner's `custom_config`; `training` is what a trial trains by."""

    tuner: TunerSettings
