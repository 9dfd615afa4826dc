"""The label map that an exported model carries."""

from __future__ import annotations

import tensorflow as tf
import yaml

from schema.label_map import FILE_NAME, LabelMap
from schema.user_error import UserError


def exported_label_map(saved_model: str) -> LabelMap:
    """Reads it from the assets of a SavedModel folder, any that `tf.io.gfile` knows.

    Raises:
        UserError: there is none, or none that can be read.
    """
    asset = f"{saved_model}/assets/{FILE_NAME}"
    if not tf.io.gfile.exists(asset):
        raise UserError(f"{saved_model} holds no label map")
    with tf.io.gfile.GFile(asset, "rb") as file:
        try:
            return LabelMap.from_dict(yaml.safe_load(file.read()))
        except (UserError, yaml.YAMLError) as error:
            raise UserError(f"{saved_model} holds no readable label map: {' '.join(str(error).split())}") from error
