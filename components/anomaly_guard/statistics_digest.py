"""Tells data apart by its statistics."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tensorflow_metadata.proto.v0 import statistics_pb2

from components.anomaly_guard.image_counts import image_counts


def statistics_digest(statistics: statistics_pb2.DatasetFeatureStatisticsList) -> str:
    """The same for statistics of the same data, however Beam went about them, and on every machine.

    Histograms and quantiles are left out: they are approximations, and depend on the order of the records.
    """
    (dataset,) = statistics.datasets
    features = {feature.path.step[0]: _said(feature) for feature in dataset.features}
    said = json.dumps([dataset.num_examples, features], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _said(feature: statistics_pb2.FeatureNameStatistics) -> list[Any]:
    kind = feature.WhichOneof("stats")
    values = getattr(feature, kind)
    said = [kind, values.common_stats.num_non_missing, values.common_stats.tot_num_values]
    if kind == "num_stats":
        return [*said, values.num_zeros, *(f"{number:.6g}" for number in (values.mean, values.min, values.max))]
    if kind == "string_stats":
        # Where there are more values than the statistics list, which ones are listed is not for certain.
        counts = image_counts(feature)
        return [*said, values.unique, f"{values.avg_length:.6g}", counts if len(counts) == values.unique else {}]
    numbers = values.bytes_stats if kind == "struct_stats" else values
    return [*said, f"{getattr(numbers, 'avg_num_bytes', 0):.6g}", f"{getattr(numbers, 'max_num_bytes', 0):.6g}"]
