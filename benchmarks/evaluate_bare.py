"""One process of `benchmarks.evaluator`: evaluates a model by a bare loop, as short as it can be written.

    python -m benchmarks.evaluate_bare FOLDER COUNT

FOLDER is what `evaluator_data` made. Prints a line of JSON: the confusion matrix and the seconds spent in the model.
"""

import io
import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf
from PIL import Image

from schema.label_map import FILE_NAME, LabelMap
from schema.record import MASK, VOID
from schema.signatures import EXAMPLE_INPUT, EXAMPLE_SIGNATURE, MASK_OUTPUT

BATCH = 2  # what TFMA takes of such images at once, mostly


def evaluate_bare(folder: str, split: str) -> tuple[np.ndarray, float]:
    """Returns the confusion matrix `[C, C] int64` and the seconds that the model's signature took."""
    model = f"{folder}/model/Format-Serving"
    signature = tf.saved_model.load(model).signatures[EXAMPLE_SIGNATURE]
    classes = len(LabelMap.load(f"{model}/assets/{FILE_NAME}"))
    files = tf.io.gfile.glob(f"{folder}/examples/Split-{split}/*")
    counts, seconds = np.zeros(classes * classes, np.int64), 0.0
    for batch in tf.data.TFRecordDataset(files, "GZIP").batch(BATCH):
        start = time.perf_counter()
        predictions = signature(**{EXAMPLE_INPUT: batch})[MASK_OUTPUT].numpy()
        seconds += time.perf_counter() - start
        for example, prediction in zip(batch.numpy(), predictions, strict=True):
            features = tf.train.Example.FromString(example).features.feature
            truth, predicted = _ids(features[MASK].bytes_list.value[0]), _ids(prediction)
            valid = truth != VOID
            index = classes * truth[valid].astype(np.intp) + predicted[valid]
            counts += np.bincount(index, minlength=classes * classes)
    return counts.reshape(classes, classes), seconds


def _ids(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


if __name__ == "__main__":
    matrix, seconds = evaluate_bare(*sys.argv[1:])
    print(json.dumps([matrix.tolist(), seconds]))
