"""Reads what the Evaluator measured."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import tensorflow_model_analysis as tfma

from components.segmentation_metrics.confusion_matrix_plot import NAME as CONFUSION_MATRIX
from components.segmentation_metrics.confusion_matrix_plot import from_plot
from schema.label_map import LabelMap
from schema.record import CLASSES_PRESENT

Slice = tuple[tuple[str, str], ...]  # (feature, value) pairs
Evaluation = dict[Slice, "Scores"]
OVERALL: Slice = ()


@dataclass
class Scores:
    """The scores of one model on one slice; None stands for undefined (no pixel to count)."""

    images: int = 0
    num_classes: int = 0  # that the mean IoU is taken over
    totals: dict[str, float | None] = field(default_factory=dict)  # by metric
    classes: dict[str, dict[str, float | None]] = field(default_factory=dict)  # by metric, then by class name
    mean_iou_interval: tuple[float, float] | None = None  # 95 %, where it was asked for
    confusion: list[list[int]] | None = None  # `[C][C + 1]` pixels, see `confusion_matrix`; of the whole split only

    def to_dict(self) -> dict[str, Any]:
        """All of it on one level, as in `metrics.json`."""
        return {
            "images": self.images,
            "num_classes": self.num_classes,
            **self.totals,
            "mean_iou_interval": self.mean_iou_interval,
            **self.classes,
            "confusion": self.confusion,
        }


def read_evaluation(directory: str, label_map: LabelMap) -> tuple[Evaluation, Evaluation | None]:
    """The scores of the candidate and, where one was measured, of the baseline, by slice.

    Args:
        directory: the Evaluator's evaluation artifact.
        label_map: names the classes.
    """
    models: dict[str, Evaluation] = {}
    for metrics in tfma.load_metrics(directory):
        key = _slice(metrics.slice_key, label_map)
        for entry in metrics.metric_keys_and_values:
            if not entry.key.is_diff:
                scores = models.setdefault(entry.key.model_name, {}).setdefault(key, Scores())
                _note(scores, entry, label_map)
    for plots in tfma.load_plots(directory):
        if _slice(plots.slice_key, label_map) != OVERALL:
            continue
        for entry in plots.plot_keys_and_values:
            if entry.key.name == CONFUSION_MATRIX:
                matrix = from_plot(entry.value.multi_class_confusion_matrix_at_thresholds, len(label_map))
                models[entry.key.model_name][OVERALL].confusion = matrix.tolist()
    baseline = models.pop(tfma.BASELINE_KEY, None)
    (candidate,) = models.values()
    return candidate, baseline


def _note(scores: Scores, entry: Any, label_map: LabelMap) -> None:
    if entry.value.WhichOneof("type") != "double_value":
        return  # TFMA's word that a slice is too small for an interval
    number = entry.value.double_value.value
    value = None if math.isnan(number) else number
    match entry.key.name:
        case "example_count":
            scores.images = int(number)
        case "mean_iou_classes":
            scores.num_classes = int(number)
        case name if entry.key.HasField("sub_key"):
            scores.classes.setdefault(name, {})[label_map.names[entry.key.sub_key.class_id.value]] = value
        case name:
            scores.totals[name] = value
            if name == "mean_iou" and entry.HasField("confidence_interval"):
                bounds = entry.confidence_interval
                low, high = bounds.lower_bound.double_value.value, bounds.upper_bound.double_value.value
                # The jackknife knows nothing of 0..1, and a class may be missing from a part of the data.
                if math.isfinite(low) and math.isfinite(high):
                    scores.mean_iou_interval = (max(low, 0.0), min(high, 1.0))


def _slice(key: Any, label_map: LabelMap) -> Slice:
    return tuple((part.column, _text(part, label_map)) for part in key.single_slice_keys)


def _text(part: Any, label_map: LabelMap) -> str:
    value = getattr(part, part.WhichOneof("kind"))
    if part.column == CLASSES_PRESENT:
        return label_map.names[value]
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def slice_name(key: Slice | Mapping[str, str]) -> str:
    """`image/source is voc`; several parts are joined by "and"."""
    return " and ".join(f"{feature} is {value}" for feature, value in dict(key).items())
