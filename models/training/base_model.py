"""The model that a training starts from."""

from __future__ import annotations

import logging
from typing import Any

import tensorflow as tf

from models.training.trainer_settings import TrainerSettings

_LOG = logging.getLogger("segpipe.training")


def base_model(settings: TrainerSettings, fn_args: Any) -> str | None:
    """The folder of the model that was pushed last, where the training is to start from it and there is one.

    Args:
        settings: of the training.
        fn_args: `tfx.components.FnArgs`, of which `base_model` is read.
    """
    if settings.training.initialize_from is None:
        return None
    if tf.io.gfile.isdir(fn_args.base_model):
        return fn_args.base_model
    _LOG.info("nothing has been pushed yet: starting from model.weights: %s", settings.model.weights)
    return None
