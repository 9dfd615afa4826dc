"""What a training is told."""

from __future__ import annotations

from typing import Any

from models.network.model_settings import ModelSettings
from models.recipe.training_settings import TrainingSettings
from models.settings import Settings


class TrainerSettings(Settings):
    """What `run_fn` is told, as Trainer's `custom_config`."""

    model: ModelSettings
    training: TrainingSettings
    label_map: dict[str, Any]
    seed: int
    checkpoints: str  # a folder that survives a restart; each training has its own in it
    # Parts of the cache key, read by nobody: what is behind `model.weights`, and this code.
    weights_digest: str = ""
    code: str = ""
