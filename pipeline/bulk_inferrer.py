"""Bulk inference: wiring only."""

from __future__ import annotations

from tfx.components import BulkInferrer
from tfx.proto import bulk_inferrer_pb2
from tfx.types.channel import BaseChannel

from pipeline.config import Config
from schema.signatures import BULK_SIGNATURE


def bulk_inferrer(config: Config, *, examples: BaseChannel, model: BaseChannel, blessing: BaseChannel) -> BulkInferrer:
    """Predicts a split, where the model is blessed.

    Args:
        config: the run.
        examples: from ExampleGen.
        model: the candidate.
        blessing: from the `Gate`.
    """
    split = config.bulk_inference.split or config.evaluation.split
    return BulkInferrer(
        examples=examples,
        model=model,
        model_blessing=blessing,
        data_spec=bulk_inferrer_pb2.DataSpec(example_splits=[split]),
        model_spec=bulk_inferrer_pb2.ModelSpec(model_signature_name=[BULK_SIGNATURE]),
    )
