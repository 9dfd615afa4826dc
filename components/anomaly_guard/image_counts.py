"""Counts images by value."""

from __future__ import annotations

from tensorflow_metadata.proto.v0 import statistics_pb2


def image_counts(feature: statistics_pb2.FeatureNameStatistics) -> dict[str, int]:
    """Images by value, of a categorical feature that has a value at most once an image; the most frequent first."""
    return {bucket.label: round(bucket.sample_count) for bucket in feature.string_stats.rank_histogram.buckets}
