"""Words for how two sets of images differ."""

from __future__ import annotations

from collections.abc import Sequence

from tensorflow_metadata.proto.v0 import statistics_pb2

from components.anomaly_guard.image_counts import image_counts
from components.anomaly_guard.measure_differences import L_INFINITY, Difference
from schema.label_map import LabelMap
from schema.record import CLASSES_PRESENT

_SHOWN = 5  # values of a feature


def describe_differences(
    differences: Sequence[Difference],
    statistics: dict[str, statistics_pb2.DatasetFeatureStatisticsList],
    label_map: LabelMap,
) -> list[str]:
    """One phrase for each difference that is too large: the feature, the distance, and what is behind it.

    Args:
        differences: as `measure_differences` has them.
        statistics: of both sets, by what people call them.
        label_map: names the classes.
    """
    sets = {
        name: (dataset.num_examples, {feature.path.step[0]: feature for feature in dataset.features})
        for name, both in statistics.items()
        for dataset in both.datasets
    }
    phrases = []
    for each in (each for each in differences if each.too_far):
        measure = "L-infinity distance" if each.measure == L_INFINITY else "Jensen-Shannon divergence"
        phrases.append(
            f"{each.feature}: {measure} {each.distance:.2f}, allowed {each.allowed:.2f}: "
            + (_shares(each, sets, label_map) if each.values else _ranges(each, sets))
        )
    return phrases


def _shares(difference: Difference, sets: dict, label_map: LabelMap) -> str:
    counts = {name: (total, image_counts(features[difference.feature])) for name, (total, features) in sets.items()}
    words = []
    for value in difference.values[:_SHOWN]:
        shares = ", ".join(
            f"{100 * counted.get(value, 0) / total:.0f} % of {name}" for name, (total, counted) in counts.items()
        )
        words.append(f"{_value(difference.feature, value, label_map)} is in {shares}")
    more = len(difference.values) - _SHOWN
    return "; ".join(words) + (f"; and {more} more" if more > 0 else "")


def _value(feature: str, value: str, label_map: LabelMap) -> str:
    if feature != CLASSES_PRESENT:
        return value
    name = label_map.names[int(value)] if int(value) < len(label_map) else "not in the label map"
    return f"class {value} ({name})"


def _ranges(difference: Difference, sets: dict) -> str:
    numbers = {name: features[difference.feature].num_stats for name, (_, features) in sets.items()}
    return ", ".join(f"{_range(values)} in {name}" for name, values in numbers.items())


def _range(values: statistics_pb2.NumericStatistics) -> str:
    if values.min == values.max:
        return f"{values.min:.4g}"
    return f"{values.min:.4g} to {values.max:.4g} (median {values.median:.4g})"
