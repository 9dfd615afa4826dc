"""What TFDV and our own checks found in the data, as JSON-ready figures."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tensorflow_metadata.proto.v0 import anomalies_pb2, statistics_pb2
from tfx import types
from tfx.dsl.io import fileio
from tfx.types import artifact_utils

from components.anomaly_guard.describe_anomalies import describe_anomalies
from components.anomaly_guard.image_counts import image_counts
from components.leak_guard.properties import FILE as FINDINGS
from components.segmentation_example_gen.read_summary import read_summary
from schema import record
from schema.label_map import LabelMap

_RECORDS = ("good", "bad", "reasons", "examples", "notes")  # the features are in the statistics


def data_overview(artifacts: Mapping[str, types.Artifact], label_map: LabelMap) -> dict:
    """Puts the statistics of all splits, their anomalies and what the data was found to hold together.

    Args:
        artifacts: `examples`, `statistics`, `anomalies` and `leak_findings`.
        label_map: names the classes.

    Returns:
        `splits`, by name: `images`; `width`, `height` (least, median and largest, in pixels); `void_fraction` (mean
        over the images); `sources` and `sizes` (images by value); `class_images` (by class name, the images that have
        it). `anomalies`: a sentence each. `records`, by split: those that were used and those set aside, as
        `SplitSummary` counts them. `leaks`: what `LeakFindings` says.
    """
    statistics, anomalies = artifacts["statistics"], artifacts["anomalies"]
    splits, found = {}, []
    for split in artifact_utils.decode_split_names(statistics.split_names):
        path = f"{artifact_utils.get_split_uri([statistics], split)}/FeatureStats.pb"
        splits[split] = _split(statistics_pb2.DatasetFeatureStatisticsList.FromString(_read(path)), label_map)
    for split in artifact_utils.decode_split_names(anomalies.split_names):
        path = f"{artifact_utils.get_split_uri([anomalies], split)}/SchemaDiff.pb"
        found += describe_anomalies(split, anomalies_pb2.Anomalies.FromString(_read(path)))
    summary = read_summary(artifacts["examples"].uri)["splits"]
    return {
        "splits": splits,
        "anomalies": found,
        "records": {split: {key: summary[split][key] for key in _RECORDS} for split in splits},
        "leaks": json.loads(_read(f"{artifacts['leak_findings'].uri}/{FINDINGS}")),
    }


def _split(statistics: statistics_pb2.DatasetFeatureStatisticsList, label_map: LabelMap) -> dict:
    (dataset,) = statistics.datasets
    features = {feature.path.step[0]: feature for feature in dataset.features}
    present = image_counts(features[record.CLASSES_PRESENT]) if record.CLASSES_PRESENT in features else {}
    return {
        "images": int(dataset.num_examples),
        "width": _range(features[record.WIDTH]),
        "height": _range(features[record.HEIGHT]),
        "void_fraction": features[record.VOID_FRACTION].num_stats.mean,
        "sources": image_counts(features[record.SOURCE]),
        "sizes": image_counts(features[record.SIZE]),
        "class_images": {name: present.get(str(index), 0) for index, name in enumerate(label_map.names)},
    }


def _range(feature: statistics_pb2.FeatureNameStatistics) -> list[int]:
    numbers = feature.num_stats
    return [round(value) for value in (numbers.min, numbers.median, numbers.max)]


def _read(path: str) -> bytes:
    with fileio.open(path, "rb") as file:
        return file.read()
