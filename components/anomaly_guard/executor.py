"""Looks for anomalies, skew and drift."""

from __future__ import annotations

import json
import logging
from typing import Any, TypeAlias

from tensorflow_metadata.proto.v0 import anomalies_pb2, schema_pb2, statistics_pb2
from tfx.components.statistics_gen.stats_artifact_utils import load_statistics
from tfx.dsl.components.base.base_executor import BaseExecutor
from tfx.dsl.io import fileio
from tfx.types import artifact_utils
from tfx.utils import io_utils

from components.anomaly_guard.describe_anomalies import describe_anomalies
from components.anomaly_guard.describe_differences import describe_differences
from components.anomaly_guard.kept_statistics import KeptStatistics
from components.anomaly_guard.measure_differences import DRIFT, SKEW, measure_differences
from components.anomaly_guard.properties import ANOMALIES, EXAMPLES, KEPT, LABEL_MAP, SCHEMA, STATISTICS, TRAIN
from components.anomaly_guard.statistics_digest import statistics_digest
from components.segmentation_example_gen.read_summary import FILE_NAME, read_summary
from schema.label_map import LabelMap
from schema.user_error import UserError

_LOG = logging.getLogger("segpipe.data")
_Statistics: TypeAlias = statistics_pb2.DatasetFeatureStatisticsList


class Executor(BaseExecutor):
    """See `AnomalyGuard`."""

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        """Raises UserError with all that was found, a line each, and what to do."""
        (examples,), (statistics,), (schema,), (anomalies,) = (
            input_dict[key] for key in (EXAMPLES, STATISTICS, SCHEMA, ANOMALIES)
        )
        expected = io_utils.SchemaReader().read(io_utils.get_only_uri_in_dir(schema.uri))
        splits = {
            split: load_statistics(statistics, split).proto()
            for split in artifact_utils.decode_split_names(statistics.split_names)
        }
        label_map = LabelMap.from_dict(json.loads(exec_properties[LABEL_MAP]))
        has_summary = fileio.exists(f"{examples.uri}/{FILE_NAME}")
        summaries = read_summary(examples.uri)["splits"] if has_summary else {}
        found = []
        for split in artifact_utils.decode_split_names(anomalies.split_names):
            with fileio.open(f"{artifact_utils.get_split_uri([anomalies], split)}/SchemaDiff.pb", "rb") as file:
                of_split = anomalies_pb2.Anomalies.FromString(file.read())
            found += describe_anomalies(split, of_split, expected, splits[split], summaries.get(split, {}))
        found += _skew(splits, expected, label_map)
        advice = "mend the data; or, if it is right as it is, accept it with segpipe schema update"
        folder = exec_properties.get(KEPT)
        if not folder:
            _LOG.info("drift is not looked for: there is no folder of earlier statistics")
            _raise_if_any(found, advice)
            return
        kept = KeptStatistics(folder)
        digest = statistics_digest(splits[TRAIN])
        earlier = kept.newest(other_than=digest)
        if earlier and (drift := _drift(splits[TRAIN], kept, earlier, expected, label_map)):
            found += drift
            advice += f"; or, if it was meant to become other data, remove {kept.path(earlier)}"
        _raise_if_any(found, advice)
        kept.keep(digest, splits[TRAIN])


def _skew(splits: dict[str, _Statistics], schema: schema_pb2.Schema, label_map: LabelMap) -> list[str]:
    lines = []
    for name, statistics in splits.items():
        if name == TRAIN:
            continue
        differences = measure_differences(splits[TRAIN], statistics, schema, SKEW)
        both = {TRAIN: splits[TRAIN], name: statistics}
        lines += [
            f"{TRAIN} and {name} differ in {phrase}" for phrase in describe_differences(differences, both, label_map)
        ]
    return lines


def _drift(
    train: _Statistics, kept: KeptStatistics, earlier: str, schema: schema_pb2.Schema, label_map: LabelMap
) -> list[str]:
    before = kept.read(earlier)
    differences = measure_differences(train, before, schema, DRIFT)
    both = {TRAIN: train, f"{TRAIN} of {kept.time_of(earlier)}": before}
    return [f"{TRAIN} has drifted in {phrase}" for phrase in describe_differences(differences, both, label_map)]


def _raise_if_any(found: list[str], advice: str) -> None:
    if found:
        lines = "\n".join(f"  {line}" for line in found)
        raise UserError(f"the data is not what the schema expects:\n{lines}\n{advice}")
