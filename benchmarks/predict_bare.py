"""One process of `benchmarks.predict`: the model's signature on the images of TFRecords, and nothing else.

    python -m benchmarks.predict_bare FOLDER COUNT

FOLDER is what `evaluator_data` made.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import tensorflow as tf

from schema.record import IMAGE
from schema.signatures import IMAGE_INPUT, IMAGE_SIGNATURE, MASK_OUTPUT

BATCH = 4  # as `segpipe predict` calls it


def predict_bare(folder: str, split: str) -> None:
    """Calls `serving_default` on the images of a split."""
    model = tf.saved_model.load(f"{folder}/model/Format-Serving")
    files = tf.io.gfile.glob(f"{folder}/examples/Split-{split}/*")
    for batch in tf.data.TFRecordDataset(files, "GZIP").batch(BATCH).as_numpy_iterator():
        images = [tf.train.Example.FromString(record).features.feature[IMAGE].bytes_list.value[0] for record in batch]
        model.signatures[IMAGE_SIGNATURE](**{IMAGE_INPUT: tf.constant(images)})[MASK_OUTPUT].numpy()


if __name__ == "__main__":
    predict_bare(*sys.argv[1:])
