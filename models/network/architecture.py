"""What an exported model says of its network, so that a later training can start from it."""

from __future__ import annotations

import json

import tensorflow as tf

from models.network.model_settings import ModelSettings
from schema.user_error import UserError

_FILE = "assets.extra/architecture.json"  # TensorFlow Serving leaves that folder alone
# Of the settings of a model, those that neither the weights nor their meaning depend on.
_FREE = {
    "weights",
    "input_size",
    "output_stride",
    "evaluation_output_stride",
    "views",
    "multi_grid",
    "dropout",
    "batch_norm_momentum",
}


def save_architecture(settings: ModelSettings, saved_model: str) -> None:
    """Writes it into a SavedModel folder, which may be any path `tf.io.gfile` knows."""
    path = f"{saved_model}/{_FILE}"
    tf.io.gfile.makedirs(path.rsplit("/", 1)[0])
    with tf.io.gfile.GFile(path, "w") as file:
        json.dump(_architecture(settings), file, indent=1)


def check_architecture(settings: ModelSettings, saved_model: str) -> None:
    """Holds a training's network against that of a SavedModel.

    Raises:
        UserError: the settings differ, each of which is named, or the SavedModel does not say.
    """
    way_out = "or unset training.initialize_from to start from model.weights"
    try:
        with tf.io.gfile.GFile(f"{saved_model}/{_FILE}") as file:
            theirs = json.load(file)
    except (tf.errors.NotFoundError, ValueError) as error:
        raise UserError(
            f"training.initialize_from: {saved_model} has no readable {_FILE}, so it is not a model of this pipeline "
            f"or one from before it could be started from; push one that is, {way_out}"
        ) from error
    ours = _architecture(settings)
    changed = [key for key in ours if key not in theirs or ours[key] != theirs[key]]
    if changed:
        was = ", ".join(f"model.{key}: {json.dumps(theirs.get(key))}" for key in changed)
        now = ", ".join(json.dumps(ours[key]) for key in changed)
        raise UserError(
            f"training.initialize_from: the pushed model has {was}, the configuration {now}; "
            f"configure the network as it was, {way_out}"
        )


def _architecture(settings: ModelSettings) -> dict[str, object]:
    return settings.model_dump(mode="json", exclude=_FREE)
