"""Makes what an Evaluator needs: examples as ExampleGen leaves them, and an exported model.

python -m benchmarks.evaluator_data FOLDER INPUT_SIZE COUNT...
"""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import tensorflow as tf

from benchmarks.analyzed_transform import analyzed_transform
from benchmarks.drawn_record import drawn_record
from benchmarks.numbered_classes import numbered_classes
from models.data.augment_settings import AugmentSettings
from models.data.preprocessing import PreprocessingSettings
from models.network.deeplab_v3_plus import deeplab_v3_plus
from models.network.model_settings import ModelSettings
from models.serving_model import export
from tests.conftest import ROOT

CLASSES = 21


def evaluator_data(folder: Path, counts: Sequence[int], input_size: int) -> None:
    """Writes three artifacts: `examples`, with a split named after each count, `schema` and `model`.

    Images are 500x375 JPEGs, masks have 21 classes, and each split starts with the images of the smaller ones. The
    model is a DeepLabV3+ on MobileNetV2 that has not been trained: what it predicts is nothing, what it costs is all
    there.

    Args:
        folder: an empty one.
        counts: images in each split.
        input_size: the side of the square that the model sees, in pixels.
    """
    label_map = numbered_classes(CLASSES)
    records = [drawn_record(index, label_map) for index in range(max(counts))]
    for count in counts:
        split = folder / "examples" / f"Split-{count}"
        split.mkdir(parents=True)
        with tf.io.TFRecordWriter(str(split / "data_tfrecord-00000-of-00001.gz"), "GZIP") as writer:
            for record in records[:count]:
                writer.write(record)

    (folder / "schema").mkdir()
    shutil.copy(ROOT / "schema" / "schema.pbtxt", folder / "schema")

    size = (input_size, input_size)
    preprocessing = PreprocessingSettings(input_size=size, num_classes=CLASSES, augment=AugmentSettings())
    transform = analyzed_transform(folder / "scratch", records[:2], preprocessing)
    settings = ModelSettings(backbone="mobilenet_v2", weights="none", input_size=input_size)
    model = folder / "model" / "Format-Serving"
    export(deeplab_v3_plus(settings, CLASSES), settings, transform, label_map, model, folder / "scratch")


if __name__ == "__main__":
    evaluator_data(Path(sys.argv[1]), [int(count) for count in sys.argv[3:]], int(sys.argv[2]))
