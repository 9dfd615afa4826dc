"""What an Evaluator leaves behind, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow_model_analysis.proto.metrics_for_slice_pb2 import MetricsForSlice, PlotsForSlice

NAN = float("nan")
Score = tuple[str, int | None, float]  # metric, class, value


def metrics(*scores: Score, model: str = "", slice_key: tuple[str, Any] | None = None) -> MetricsForSlice:
    """The metrics of one model on one slice; a metric whose name ends in _diff is a difference."""
    message = MetricsForSlice()
    _set_slice(message, slice_key)
    for name, class_id, value in scores:
        entry = message.metric_keys_and_values.add()
        entry.key.name = name.removesuffix("_diff")
        entry.key.is_diff = name.endswith("_diff")
        entry.key.model_name = model
        if class_id is not None:
            entry.key.sub_key.class_id.value = class_id
        entry.value.double_value.value = value
    return message


def plots(
    counts: dict[tuple[int, int], int], model: str = "", slice_key: tuple[str, Any] | None = None
) -> PlotsForSlice:
    """A confusion matrix on one slice, `{(truth, prediction): pixels}`; -1 is no prediction."""
    message = PlotsForSlice()
    _set_slice(message, slice_key)
    entry = message.plot_keys_and_values.add()
    entry.key.name = "segmentation_confusion_matrix"
    entry.key.model_name = model
    matrix = entry.value.multi_class_confusion_matrix_at_thresholds.matrices.add(threshold=0.0)
    for (truth, prediction), pixels in counts.items():
        matrix.entries.add(actual_class_id=truth, predicted_class_id=prediction, num_weighted_examples=pixels)
    return message


def write_evaluation(
    directory: Path, of_slices: Sequence[MetricsForSlice], in_plots: Sequence[PlotsForSlice] = ()
) -> Path:
    """Writes the files that TFMA reads; returns the folder."""
    directory.mkdir(parents=True)
    for kind, messages in (("metrics", of_slices), ("plots", in_plots)):
        with tf.io.TFRecordWriter(str(directory / f"{kind}-00000-of-00001.tfrecord")) as writer:
            for message in messages:
                writer.write(message.SerializeToString())
    return directory


def _set_slice(message: MetricsForSlice | PlotsForSlice, slice_key: tuple[str, Any] | None) -> None:
    message.slice_key.SetInParent()
    if slice_key:
        column, value = slice_key
        part = message.slice_key.single_slice_keys.add(column=column)
        setattr(part, "bytes_value" if isinstance(value, bytes) else "int64_value", value)
