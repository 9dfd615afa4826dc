"""Calls the exported model of `evaluator_data` once, and prints how many bytes it was given.

python -m benchmarks.call_once FOLDER SPLIT COUNT
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import tensorflow as tf

from schema.signatures import EXAMPLE_INPUT, EXAMPLE_SIGNATURE, MASK_OUTPUT


def call_once(folder: Path, split: str, count: int) -> int:
    """The bytes of the first `count` examples of a split, which the model has been called with."""
    model = tf.saved_model.load(str(folder / "model" / "Format-Serving"))
    files = [str(file) for file in (folder / "examples" / f"Split-{split}").iterdir()]
    examples = list(tf.data.TFRecordDataset(files, "GZIP").take(count).as_numpy_iterator())
    masks = model.signatures[EXAMPLE_SIGNATURE](**{EXAMPLE_INPUT: tf.constant(examples)})[MASK_OUTPUT]
    if len(masks) != count:
        sys.exit(f"{len(masks)} masks of {count} images")
    return sum(map(len, examples))


if __name__ == "__main__":
    print(call_once(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
