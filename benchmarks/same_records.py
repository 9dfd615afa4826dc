"""Whether two conversions hold the same images with the same masks.

    python -m benchmarks.same_records FOLDER FOLDER

Fails where they do not.
"""

import io
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf
from PIL import Image

from schema.record import MASK


def same_records(one: Path, other: Path) -> bool:
    """Compares each split's records, in any order: masks by their pixels, other features by their bytes.

    Args:
        one: a folder of SPLIT.tfrecord or SPLIT-00000-of-0000N.tfrecord.
        other: another one.
    """
    return _contents(one) == _contents(other)


def _contents(folder: Path) -> dict[str, list[int]]:
    """A number for each record, sorted, by split."""
    contents: dict[str, list[int]] = {}
    for path in folder.glob("*.tfrecord"):
        found = contents.setdefault(path.stem.partition("-")[0], [])
        found += [_content(raw) for raw in tf.data.TFRecordDataset(str(path)).as_numpy_iterator()]
    return {split: sorted(found) for split, found in contents.items()}


def _content(raw: bytes) -> int:
    example = tf.train.Example.FromString(raw)
    mask = np.asarray(Image.open(io.BytesIO(example.features.feature.pop(MASK).bytes_list.value[0])))
    return hash((example.SerializeToString(deterministic=True), mask.shape, mask.tobytes()))


if __name__ == "__main__":
    if not same_records(*map(Path, sys.argv[1:])):
        sys.exit(f"{' and '.join(sys.argv[1:])} hold different records")
