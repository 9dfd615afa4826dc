"""One process of `benchmarks.input_pipeline`: decoding alone, which any input pipeline has to do.

python -m benchmarks.input_bound FOLDER COUNT
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import tensorflow as tf


def input_bound(folder: Path, count: int) -> None:
    """Decodes `count` images and masks that are in memory."""
    images, masks = ([file.read_bytes() for file in sorted((folder / name).iterdir())] for name in ("images", "masks"))

    @tf.function
    def decode(image: tf.Tensor, mask: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return tf.io.decode_image(image, channels=3, expand_animations=False), tf.io.decode_png(mask, channels=1)

    for index in range(count):
        decode(tf.constant(images[index % len(images)]), tf.constant(masks[index % len(masks)]))


if __name__ == "__main__":
    input_bound(Path(sys.argv[1]), int(sys.argv[2]))
