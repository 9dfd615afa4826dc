"""Weights of an exported model for a new training."""

from __future__ import annotations

import logging

import keras
import tensorflow as tf

from models.network.architecture import check_architecture
from models.network.model_settings import ModelSettings
from models.serving_model import weight_key
from schema.exported_label_map import exported_label_map
from schema.label_map import LabelMap

_LOG = logging.getLogger("segpipe.training")


def warm_start(network: keras.Model, saved_model: str, settings: ModelSettings, label_map: LabelMap) -> None:
    """Gives a network the weights of an exported one.

    Where the classes are not the same, those that are in both keep their part of the last layer, by name; new ones
    keep what they were initialized with.

    Args:
        network: of `deeplab_v3_plus`.
        saved_model: the folder that `export` wrote.
        settings: of the network.
        label_map: the classes of its logits.

    Raises:
        UserError: the exported network is another, or has no label map.
    """
    check_architecture(settings, saved_model)
    before = exported_label_map(saved_model).names
    exported = tf.train.load_checkpoint(f"{saved_model}/variables/variables")
    head = {weight.path for weight in network.get_layer("logits").weights}
    kept = [name for name in label_map.names if name in before]
    rows, old_rows = [label_map.names.index(name) for name in kept], [before.index(name) for name in kept]
    for weight in network.weights:
        value = exported.get_tensor(weight_key(weight.path))
        if weight.path in head:
            merged = keras.ops.convert_to_numpy(weight).copy()
            merged[..., rows] = value[..., old_rows]
            value = merged
        weight.assign(value)
    new = [name for name in label_map.names if name not in before]
    gone = [name for name in before if name not in label_map.names]
    _LOG.info("starting from the weights of the model pushed last%s", _changes(new, gone))


def _changes(new: list[str], gone: list[str]) -> str:
    parts = [f"{what} {', '.join(names)}" for what, names in (("new classes:", new), ("gone:", gone)) if names]
    return f" ({'; '.join(parts)})" if parts else ""
