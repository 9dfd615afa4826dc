"""Whether two SavedModels are one and the same."""

from __future__ import annotations

import tensorflow as tf


def is_copy(model: str, other: str) -> bool:
    """True when two SavedModel folders hold the same files.

    The variables' values are not read: their checksums are in `variables.index`.
    """
    return _contents(model) == _contents(other)


def _contents(model: str) -> dict[str, bytes]:
    contents = {}
    for folder, _, names in tf.io.gfile.walk(model):
        for name in names:
            path = f"{folder.rstrip('/')}/{name}"
            if not name.startswith("variables.data"):
                contents[path.removeprefix(model)] = tf.io.gfile.GFile(path, "rb").read()
    return contents
