"""One process of `benchmarks.converter`: converts a VOC tree by a bare loop, as short as it can be written.

    python -m benchmarks.convert_bare VOC_ROOT OUT

It checks what `segpipe convert` checks of an image that is good, and has no word for one that is not.
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

from schema import record

CLASSES = 21


def convert_bare(root: Path, out: Path) -> None:
    """Writes `out/SPLIT.tfrecord` for train and val of `root`, a VOC2012 folder."""
    out.mkdir()
    for split in ("train", "val"):
        with tf.io.TFRecordWriter(str(out / f"{split}.tfrecord")) as writer:
            for stem in (root / "ImageSets/Segmentation" / f"{split}.txt").read_text().split():
                writer.write(_record(root, stem))


def _record(root: Path, stem: str) -> bytes:
    encoded = (root / "JPEGImages" / f"{stem}.jpg").read_bytes()
    with Image.open(io.BytesIO(encoded)) as image:
        image.load()
    with Image.open(root / "SegmentationClass" / f"{stem}.png") as palette:
        mask = np.array(palette)
    if mask.shape != (image.height, image.width) or not ((mask < CLASSES) | (mask == record.VOID)).all():
        raise ValueError(stem)
    png = io.BytesIO()
    Image.fromarray(mask).save(png, "PNG")
    features = {
        record.IMAGE: encoded,
        record.FILENAME: f"{stem}.jpg".encode(),
        record.IMAGE_FORMAT: b"jpeg",
        record.HEIGHT: image.height,
        record.WIDTH: image.width,
        record.CHANNELS: len(image.getbands()),
        record.MASK: png.getvalue(),
        record.MASK_FORMAT: b"png",
        record.SOURCE: b"voc",
    }
    example = tf.train.Example()
    for name, value in features.items():
        feature = example.features.feature[name]
        if isinstance(value, bytes):
            feature.bytes_list.value.append(value)
        else:
            feature.int64_list.value.append(value)
    return example.SerializeToString(deterministic=True)


if __name__ == "__main__":
    convert_bare(*map(Path, sys.argv[1:]))
