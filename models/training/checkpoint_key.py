"""Names what a training depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import tensorflow as tf

from models.training.trainer_settings import TrainerSettings


def checkpoint_key(
    settings: TrainerSettings, files: Sequence[str], transform_graph: str, base_model: str | None = None
) -> str:
    """The name of a folder of its own for whatever is kept of a training: of anything else it is never taken up.

    Args:
        settings: of the training; where its checkpoints are is no part of what it is.
        files: that it reads.
        transform_graph: the folder of the Transform graph.
        base_model: the exported model that it starts from, known by its weights: a copy elsewhere is the same.
    """
    inputs = settings.model_dump(mode="json", exclude={"checkpoints"}) | {"files": files, "transform": transform_graph}
    if base_model:
        with tf.io.gfile.GFile(f"{base_model}/variables/variables.index", "rb") as file:  # it has their checksums
            inputs["base_model"] = hashlib.sha256(file.read()).hexdigest()
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]
