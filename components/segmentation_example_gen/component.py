"""ExampleGen for segmentation TFRecords."""

from __future__ import annotations

import json

from google.protobuf import any_pb2, wrappers_pb2
from tfx.components.example_gen.component import FileBasedExampleGen
from tfx.dsl.components.base.executor_spec import BeamExecutorSpec
from tfx.proto import example_gen_pb2

from components.segmentation_example_gen.executor import Executor


class SegmentationExampleGen(FileBasedExampleGen):
    """Ingests DeepLab-style TFRecords, checks every record and adds the derived features of the record contract.

    Args:
        input_base: the folder that holds the TFRecords.
        splits: a file pattern below that folder for each split, e.g. `{"train": "train-*", "eval": "val-*"}`.
        label_map: `LabelMap.to_dict()`.
        code: a fingerprint of the checking code, so that a changed check is not answered from the cache.
    """

    EXECUTOR_SPEC = BeamExecutorSpec(Executor)

    def __init__(self, input_base: str, splits: dict[str, str], label_map: dict, code: str = "") -> None:
        settings = wrappers_pb2.StringValue(value=json.dumps({"label_map": label_map, "code": code}))
        packed = any_pb2.Any()
        packed.Pack(settings)
        super().__init__(
            input_base=input_base,
            input_config=example_gen_pb2.Input(
                splits=[example_gen_pb2.Input.Split(name=name, pattern=pattern) for name, pattern in splits.items()]
            ),
            custom_config=example_gen_pb2.CustomConfig(custom_config=packed),
        )
