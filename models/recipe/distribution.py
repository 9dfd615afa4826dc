"""Over which devices a step is shared out."""

from __future__ import annotations

import logging
from functools import cache

import tensorflow as tf

from models.recipe.training_settings import TrainingSettings
from schema.user_error import UserError

_LOG = logging.getLogger("segpipe.training")


def distribution(training: TrainingSettings) -> tf.distribute.Strategy:
    """The strategy under whose scope a network is made and fitted.

    Mirrored, it has every GPU of this machine, or every CPU device where there is none (of which there is one, unless
    TensorFlow is told otherwise).

    Args:
        training: `distribution` and `batch_size` are read.

    Raises:
        UserError: the batch cannot be shared out evenly.
    """
    if training.distribution == "one":
        return tf.distribute.get_strategy()
    devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    if training.batch_size % len(devices):
        raise UserError(
            f"training.batch_size: {training.batch_size} images cannot be shared out evenly among {len(devices)} "
            f"devices; give a multiple of {len(devices)}, or training.distribution: one"
        )
    _LOG.info("each step on %d devices, %d images each", len(devices), training.batch_size // len(devices))
    return _mirrored(*(device.name for device in devices))


@cache
def _mirrored(*devices: str) -> tf.distribute.MirroredStrategy:
    """One for the whole process: each numbers its exchanges from the start, and TensorFlow would mix them up."""
    return tf.distribute.MirroredStrategy(devices)
