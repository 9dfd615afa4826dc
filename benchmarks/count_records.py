"""Counts what an ExampleGen has written: `python -m benchmarks.count_records ARTIFACT`."""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import tensorflow as tf


def count_records(artifact: Path) -> int:
    """The records of all splits."""
    files = [str(path) for path in artifact.glob("Split-*/*")]
    return sum(1 for _ in tf.data.TFRecordDataset(files, "GZIP"))


if __name__ == "__main__":
    print(count_records(Path(sys.argv[1])))
