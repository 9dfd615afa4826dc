"""ExampleGen for segmentation TFRecords."""

from __future__ import annotations

import json

from google.protobuf import any_pb2, wrappers_pb2
from tfx.components.example_gen.component import FileBasedExampleGen
from tfx.dsl.components.base.executor_spec import BeamExecutorSpec
from tfx.proto import example_gen_pb2, range_config_pb2

from components.segmentation_example_gen.executor import Executor
from components.segmentation_example_gen.hash_buckets import hash_buckets
from schema.record import FILENAME


class SegmentationExampleGen(FileBasedExampleGen):
    """Ingests DeepLab-style TFRecords, checks every record and adds the derived features of the record contract.

    Beside the splits, its artifact has `summary.json` (see `read_summary`) and, where records were set aside,
    `quarantine/NAME.tfrecord.gz` for each split.

    Args:
        input_base: the folder that holds the TFRecords.
        splits: a file pattern below that folder for each split, e.g. `{"train": "train-*", "eval": "val-*"}`; or one
            for both, train and eval, which records are then told apart for by a hash of the image's name. Patterns
            may hold {SPAN}, {VERSION}, {YYYY}, {MM} and {DD}, of which the newest is taken.
        label_map: `LabelMap.to_dict()`.
        code: a fingerprint of the checking code, so that a changed check is not answered from the cache.
        eval_fraction: the eval split's share of the images, where `splits` is one pattern.
        max_bad_fraction: the share of a split's records that may be bad.
        span: take this one, not the newest.
    """

    EXECUTOR_SPEC = BeamExecutorSpec(Executor)

    def __init__(
        self,
        input_base: str,
        splits: dict[str, str] | str,
        label_map: dict,
        code: str = "",
        *,
        eval_fraction: float = 0.1,
        max_bad_fraction: float = 0.0,
        span: int | None = None,
    ) -> None:
        settings = {"label_map": label_map, "max_bad_fraction": max_bad_fraction, "code": code}
        packed = any_pb2.Any()
        packed.Pack(wrappers_pb2.StringValue(value=json.dumps(settings)))
        patterns = splits if isinstance(splits, dict) else {"all": splits}
        super().__init__(
            input_base=input_base,
            input_config=example_gen_pb2.Input(
                splits=[example_gen_pb2.Input.Split(name=name, pattern=pattern) for name, pattern in patterns.items()]
            ),
            output_config=example_gen_pb2.Output() if isinstance(splits, dict) else _by_hash(eval_fraction),
            range_config=None if span is None else _static_range(span),
            custom_config=example_gen_pb2.CustomConfig(custom_config=packed),
        )


def _by_hash(eval_fraction: float) -> example_gen_pb2.Output:
    splits = [
        example_gen_pb2.SplitConfig.Split(name=name, hash_buckets=buckets)
        for name, buckets in hash_buckets(eval_fraction)
    ]
    return example_gen_pb2.Output(
        split_config=example_gen_pb2.SplitConfig(splits=splits, partition_feature_name=FILENAME)
    )


def _static_range(span: int) -> range_config_pb2.RangeConfig:
    return range_config_pb2.RangeConfig(
        static_range=range_config_pb2.StaticRange(start_span_number=span, end_span_number=span)
    )
