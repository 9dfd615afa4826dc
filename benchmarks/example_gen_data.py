"""Makes folders of TFRecords as the converters write them.

python -m benchmarks.example_gen_data FOLDER COUNT...
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

from benchmarks.drawn_mask import drawn_mask
from benchmarks.drawn_photograph import drawn_photograph
from schema.label_map import LabelMap
from schema.make_record import make_record

LABEL_MAP = LabelMap(tuple(map(str, range(21))), ((0, 0, 0),) * 21)
SHARD = 100  # records
PICTURES = 50  # that differ


def example_gen_data(folder: Path, counts: list[int]) -> None:
    """Writes `folder/COUNT` for each count: that many records, the last shard of them in val.

    Images are 500x375 JPEGs of about 75 KB. All shards are one file under many names, so it is in memory after it was
    read first, and what is measured is work, not a disk.

    Args:
        folder: an empty one.
        counts: records of each folder, a multiple of `SHARD`.
    """
    records = [_record(index) for index in range(PICTURES)]
    shard = folder / "shard"
    with tf.io.TFRecordWriter(str(shard)) as writer:
        for index in range(SHARD):
            writer.write(records[index % PICTURES])
    for count in counts:
        (folder / str(count)).mkdir()
        for index in range(count // SHARD):
            split = "val" if index == count // SHARD - 1 else "train"
            os.link(shard, folder / str(count) / f"{split}-{index:05d}.tfrecord")


def _record(index: int) -> bytes:
    random = np.random.default_rng(index)
    mask = drawn_mask(random, len(LABEL_MAP))
    image = io.BytesIO()
    Image.fromarray(drawn_photograph(random, mask)).save(image, "JPEG", quality=92)
    return make_record(image.getvalue(), mask, LABEL_MAP, filename=f"{index}.jpg", source="drawn").SerializeToString()


if __name__ == "__main__":
    example_gen_data(Path(sys.argv[1]), [int(count) for count in sys.argv[2:]])
