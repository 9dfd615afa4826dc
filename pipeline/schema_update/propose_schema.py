"""What a schema has to become for data to be what it expects."""

from __future__ import annotations

import math
from collections.abc import Mapping

import tensorflow_data_validation as tfdv
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2, statistics_pb2

from components.anomaly_guard.measure_differences import DRIFT, SKEW, Difference, measure_differences
from components.anomaly_guard.properties import TRAIN
from pipeline.read_schema import schema_faults
from pipeline.schema_update.merge_schema_text import merge_schema_text
from schema.user_error import UserError


def propose_schema(
    text: str,
    splits: Mapping[str, statistics_pb2.DatasetFeatureStatisticsList],
    earlier: statistics_pb2.DatasetFeatureStatisticsList | None,
) -> str:
    """The text of a schema that lets the data through: wider where it has to be, else as it was.

    Args:
        text: the schema as it is.
        splits: statistics of the data, by split.
        earlier: statistics of the data that drift is measured against, if there are any.

    Raises:
        UserError: the data lacks what the pipeline needs, which no schema can make good.
    """
    schema = text_format.Parse(text, schema_pb2.Schema())
    for statistics in splits.values():
        schema = tfdv.update_schema(schema, statistics)
    known = {feature.name for feature in text_format.Parse(text, schema_pb2.Schema()).feature}
    for feature in schema.feature:
        if feature.name not in known:
            feature.ClearField("presence")  # another split may lack it
    train = splits[TRAIN]
    for name, statistics in splits.items():
        if name != TRAIN:
            _widen(schema, SKEW, measure_differences(train, statistics, schema, SKEW))
    if earlier:
        _widen(schema, DRIFT, measure_differences(train, earlier, schema, DRIFT))
    faults = "; ".join(schema_faults(schema))
    if faults:
        raise UserError(
            f"the data cannot be accepted: a schema for it {faults}, and the pipeline needs it; mend the data"
        )
    return merge_schema_text(text, schema)


def _widen(schema: schema_pb2.Schema, comparator: str, differences: list[Difference]) -> None:
    features = {feature.name: feature for feature in schema.feature}
    for each in (each for each in differences if each.too_far):
        thresholds = getattr(features[each.feature], comparator)
        getattr(thresholds, each.measure).threshold = math.ceil((each.distance - each.room) * 100 + 1e-6) / 100
