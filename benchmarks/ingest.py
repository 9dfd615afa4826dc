"""One process of `benchmarks.example_gen`: runs an ExampleGen's executor, as a pipeline does.

    python -m benchmarks.ingest DATA OUT import|segmentation

DATA is a folder of `example_gen_data`; OUT becomes the artifact.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from tfx.components.example_gen.import_example_gen.component import ImportExampleGen
from tfx.proto import example_gen_pb2
from tfx.types import standard_artifacts as artifacts

from benchmarks.example_gen_data import LABEL_MAP
from components.segmentation_example_gen.component import SegmentationExampleGen
from tests.components.run_executor import make_artifact, run_executor

SPLITS = {"train": "train-*", "eval": "val-*"}


def ingest(data: str, out: Path, kind: str) -> None:
    """Makes the examples of `data` by TFX's own ExampleGen for TFRecords, or by ours."""
    if kind == "import":
        splits = [example_gen_pb2.Input.Split(name=name, pattern=pattern) for name, pattern in SPLITS.items()]
        component = ImportExampleGen(input_base=data, input_config=example_gen_pb2.Input(splits=splits))
    else:
        component = SegmentationExampleGen(data, SPLITS, LABEL_MAP.to_dict())
    examples = make_artifact(artifacts.Examples, out)
    run_executor(
        type(component), out.with_suffix(".scratch"), {}, {"examples": examples}, dict(component.exec_properties)
    )


if __name__ == "__main__":
    ingest(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
