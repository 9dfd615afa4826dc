"""What is in TensorBoard's files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf


def read_events(folder: Path) -> dict[str, list[tuple[int, np.ndarray]]]:
    """Step and value of every point of each tag, file by file in the order in which they were begun.

    TensorBoard's order is that of the names, which begin with the second.
    """
    points: dict[str, list[tuple[int, np.ndarray]]] = {}
    for path in sorted(folder.glob("*tfevents*"), key=lambda path: int(path.name.rsplit("-", 1)[1])):
        for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            event = tf.compat.v1.Event.FromString(record)
            for value in event.summary.value:
                points.setdefault(value.tag, []).append((event.step, tf.make_ndarray(value.tensor)))
    return points
