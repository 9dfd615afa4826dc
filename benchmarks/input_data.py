"""Makes what `benchmarks.input_pipeline` reads.

python -m benchmarks.input_data FOLDER CASE
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import tensorflow as tf

from benchmarks.analyzed_transform import analyzed_transform
from benchmarks.drawn_record import drawn_record
from benchmarks.input_cases import CASES, CLASSES
from benchmarks.numbered_classes import numbered_classes
from components.segmentation_example_gen.shard_writer import ShardWriter
from schema.record import IMAGE, MASK

PICTURES = 50


def input_data(folder: Path, case: str) -> None:
    """Writes `records.gz`, `transform`, and for those who read none of these `images`, `masks` and `settings.json`.

    Args:
        folder: where to.
        case: one of `CASES`.
    """
    size, image_format, settings = CASES[case]
    label_map = numbered_classes(CLASSES)
    # 75 KB and 385 KB an image.
    records = [drawn_record(index, label_map, size, image_format, quality=92) for index in range(PICTURES)]
    for name in ("images", "masks", "scratch"):
        (folder / name).mkdir(parents=True)
    with ShardWriter(str(folder / "records.gz"), str(folder / "scratch")) as writer:
        for index, record in enumerate(records):
            writer.write(record)
            features = tf.train.Example.FromString(record).features.feature
            for name, key in (("images", IMAGE), ("masks", MASK)):
                (folder / name / f"{index:03d}").write_bytes(features[key].bytes_list.value[0])
    analyzed_transform(folder, records[:2], settings)
    (folder / "settings.json").write_text(json.dumps(settings.model_dump(mode="json")))


if __name__ == "__main__":
    input_data(Path(sys.argv[1]), sys.argv[2])
