"""Finds the model that serves now."""

from __future__ import annotations

import tensorflow as tf


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
    return next((path for path in whole if other_than is None or _contents(path) != _contents(other_than)), None)


def _contents(model: str) -> dict[str, bytes]:
    """All files but the variables' values, whose checksums are in `variables.index`."""
    contents = {}
    for folder, _, names in tf.io.gfile.walk(model):
        for name in names:
            path = f"{folder.rstrip('/')}/{name}"
            if not name.startswith("variables.data"):
                contents[path.removeprefix(model)] = tf.io.gfile.GFile(path, "rb").read()
    return contents
