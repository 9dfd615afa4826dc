"""One process of `benchmarks.input_pipeline`: the input of our training.

    python -m benchmarks.input_ours FOLDER COUNT

FOLDER is what `input_data` made.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import tensorflow_transform as tft

from models.data.training_data import training_data

BATCH = 10


def input_ours(folder: Path, count: int) -> None:
    """Reads, decodes and augments `count` images, a multiple of `BATCH`."""
    transform = tft.TFTransformOutput(str(folder / "transform"))
    data = training_data([str(folder / "records.gz")], transform, batch_size=BATCH, seed=0, shuffle_buffer=100)
    for _ in data.take(count // BATCH):
        pass


if __name__ == "__main__":
    input_ours(Path(sys.argv[1]), int(sys.argv[2]))
