"""Finds pushed models."""

from __future__ import annotations

import tensorflow as tf

from components.pushed_models.is_copy import is_copy


def find_pushed(push_destination: str, other_than: str | None = None) -> str | None:
    """The path of the newest whole version `<push_destination>/<number>/`, or None where there is none.

    Args:
        push_destination: the folder of versions; it need not exist.
        other_than: a SavedModel whose own copies are passed over.
    """
    if not tf.io.gfile.isdir(push_destination):
        return None
    versions = [name.rstrip("/") for name in tf.io.gfile.listdir(push_destination)]
    numbers = sorted(int(name) for name in versions if name.isdecimal())
    paths = [f"{push_destination}/{number}" for number in reversed(numbers)]
    whole = (path for path in paths if tf.io.gfile.exists(f"{path}/saved_model.pb"))
    return next((path for path in whole if other_than is None or not is_copy(path, other_than)), None)
