"""Finds the model that serves now."""

from __future__ import annotations

import tensorflow as tf


def find_pushed(push_destination: str) -> str | None:
    """The path of the newest whole version `<push_destination>/<number>/`, or None when nothing was pushed yet."""
    if not tf.io.gfile.isdir(push_destination):
        return None
    versions = [name.rstrip("/") for name in tf.io.gfile.listdir(push_destination)]
    numbers = sorted(int(name) for name in versions if name.isdigit())
    paths = [f"{push_destination}/{number}" for number in reversed(numbers)]
    return next((path for path in paths if tf.io.gfile.exists(f"{path}/saved_model.pb")), None)
