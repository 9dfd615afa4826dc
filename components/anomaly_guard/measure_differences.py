"""Measures how far the statistics of two sets of images are apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

import tensorflow_data_validation as tfdv
from tensorflow_metadata.proto.v0 import schema_pb2, statistics_pb2

from components.anomaly_guard.image_counts import image_counts

SKEW, DRIFT = "skew_comparator", "drift_comparator"  # where a feature of the schema has its thresholds
L_INFINITY, JENSEN_SHANNON = "infinity_norm", "jensen_shannon_divergence"
_STANDARD = statistics_pb2.Histogram.STANDARD


@dataclass(frozen=True)
class Difference:
    """How far one feature is apart.

    Args:
        feature: its name.
        measure: `L_INFINITY` or `JENSEN_SHANNON`.
        distance: 0 (alike) to 1 (nothing in common).
        threshold: what the schema allows.
        room: what is allowed on top, because sets of these sizes differ by chance.
        values: those that are further apart than allowed, the furthest first; none of a numeric feature.
    """

    feature: str
    measure: str
    distance: float
    threshold: float
    room: float
    values: tuple[str, ...] = ()

    @property
    def allowed(self) -> float:
        return min(1.0, self.threshold + self.room)

    @property
    def too_far(self) -> bool:
        return self.distance > self.allowed


def measure_differences(
    statistics: statistics_pb2.DatasetFeatureStatisticsList,
    control: statistics_pb2.DatasetFeatureStatisticsList,
    schema: schema_pb2.Schema,
    comparator: str,
) -> list[Difference]:
    """Measures the features that the schema has a comparator for and both sets have.

    L-infinity is over *images*: the largest difference between the shares of images that have a value. Where an image
    has one value that is TFDV's own. Of `class/present` TFDV would take shares of all values, and a class that every
    image of a street has is one value in ten.

    Args:
        statistics: of one set, as StatisticsGen has it.
        control: of the other.
        schema: has the thresholds.
        comparator: `SKEW` or `DRIFT`.
    """
    (here,), (there,) = statistics.datasets, control.datasets
    sizes = here.num_examples, there.num_examples
    ours, theirs = ({feature.path.step[0]: feature for feature in dataset.features} for dataset in (here, there))
    differences: list[Difference] = []
    for feature in schema.feature:
        if feature.name not in ours or feature.name not in theirs or not all(sizes):
            continue
        pair = ours[feature.name], theirs[feature.name]
        thresholds = getattr(feature, comparator)
        if thresholds.HasField(L_INFINITY):
            differences.append(_l_infinity(feature.name, pair, sizes, thresholds.infinity_norm.threshold))
        if thresholds.HasField(JENSEN_SHANNON):
            differences.append(_jensen_shannon(feature, pair, sizes, thresholds.jensen_shannon_divergence.threshold))
    return differences


_Pair = tuple[statistics_pb2.FeatureNameStatistics, statistics_pb2.FeatureNameStatistics]


def _l_infinity(name: str, pair: _Pair, sizes: tuple[int, int], threshold: float) -> Difference:
    apart = _apart(pair, sizes)
    # Three standard deviations of the difference of two shares, of a value that every other image has.
    room = 1.5 * math.sqrt(1 / sizes[0] + 1 / sizes[1])
    return Difference(
        feature=name,
        measure=L_INFINITY,
        distance=max(apart.values(), default=0.0),
        threshold=threshold,
        room=room,
        values=tuple(value for value, distance in apart.items() if distance > threshold + room),
    )


def _apart(pair: _Pair, sizes: tuple[int, int]) -> dict[str, float]:
    """How far the shares of images that have a value are apart, by value, the furthest first."""
    here, there = map(image_counts, pair)
    apart = {value: abs(here.get(value, 0) / sizes[0] - there.get(value, 0) / sizes[1]) for value in {**here, **there}}
    return dict(sorted(apart.items(), key=lambda item: (-item[1], item[0])))


def _jensen_shannon(feature: schema_pb2.Feature, pair: _Pair, sizes: tuple[int, int], threshold: float) -> Difference:
    schema = schema_pb2.Schema(feature=[feature])
    for of_no_use in ("skew_comparator", "drift_comparator", "domain"):
        schema.feature[0].ClearField(of_no_use)
    schema.feature[0].skew_comparator.jensen_shannon_divergence.threshold = threshold
    here, there = (
        statistics_pb2.DatasetFeatureStatisticsList(
            datasets=[statistics_pb2.DatasetFeatureStatistics(num_examples=size, features=[aligned])]
        )
        for size, aligned in zip(sizes, (_aligned(*pair), _aligned(pair[1], pair[0])), strict=True)
    )
    found = tfdv.validate_statistics(here, schema, serving_statistics=there).drift_skew_info
    return Difference(
        feature=feature.name,
        measure=JENSEN_SHANNON,
        distance=next((measured.value for info in found for measured in info.skew_measurements), 0.0),
        threshold=threshold,
        # What TFDV's histograms, of ten buckets each, are apart by chance alone, and a little more.
        room=3.4 * (1 / sizes[0] + 1 / sizes[1]),
        values=tuple(_apart(pair, sizes)),
    )


def _aligned(
    feature: statistics_pb2.FeatureNameStatistics, other: statistics_pb2.FeatureNameStatistics
) -> statistics_pb2.FeatureNameStatistics:
    """The histogram of a feature that has one value only, in the buckets of the other's.

    Its own single bucket has no width, which to TFDV has nothing in common with any bucket that does.
    """
    numbers, others = feature.num_stats, other.num_stats
    if numbers.min < numbers.max or not others.min <= numbers.max <= others.max:
        return feature
    aligned = statistics_pb2.FeatureNameStatistics()
    aligned.CopyFrom(feature)
    for histogram in aligned.num_stats.histograms:
        model = next((each for each in others.histograms if each.type == histogram.type), None)
        if histogram.type != _STANDARD or model is None:
            continue
        count = sum(bucket.sample_count for bucket in histogram.buckets)
        histogram.CopyFrom(model)
        holds = max(index for index, bucket in enumerate(model.buckets) if bucket.low_value <= numbers.max)
        for index, bucket in enumerate(histogram.buckets):
            bucket.sample_count = count if index == holds else 0
    return aligned
