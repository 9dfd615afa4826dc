"""Reads what the Evaluator measured."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import tensorflow_model_analysis as tfma

from schema.label_map import LabelMap


@dataclass
class Scores:
    """The scores of one model over a whole split; None stands for undefined (no pixel to count)."""

    mean_iou: float | None = None
    num_classes: int = 0  # that the mean is taken over
    pixel_accuracy: float | None = None
    images: int = 0
    iou: dict[str, float | None] = field(default_factory=dict)  # by class name


def read_evaluation(directory: str, label_map: LabelMap) -> tuple[Scores, Scores | None]:
    """The overall scores of the candidate and, where one was measured, of the baseline.

    Args:
        directory: the Evaluator's evaluation artifact.
        label_map: names the classes.
    """
    models: dict[str, Scores] = {}
    for metrics in tfma.load_metrics(directory):
        if metrics.slice_key.single_slice_keys:
            continue
        for entry in metrics.metric_keys_and_values:
            if not entry.key.is_diff:
                _note(models.setdefault(entry.key.model_name, Scores()), entry, label_map)
    baseline = models.pop(tfma.BASELINE_KEY, None)
    (candidate,) = models.values()
    return candidate, baseline


def _note(scores: Scores, entry: tfma.proto.metrics_for_slice_pb2.MetricKeyAndValue, label_map: LabelMap) -> None:
    number = entry.value.double_value.value
    value = None if math.isnan(number) else number
    match entry.key.name:
        case "mean_iou":
            scores.mean_iou = value
        case "mean_iou_classes":
            scores.num_classes = int(number)
        case "pixel_accuracy":
            scores.pixel_accuracy = value
        case "example_count":
            scores.images = int(number)
        case "iou":
            scores.iou[label_map.names[entry.key.sub_key.class_id.value]] = value
