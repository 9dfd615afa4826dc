"""Times the exported model, from the bytes of an image to those of its mask, against the network alone.

    python -m benchmarks.serving_latency [--backbone resnet50] [--size 512] [--batches 1 8] [--repeats 15]

The network is one that has not been trained, called by `tf.function` on a batch that is ready, at the size to which the
exported model letterboxes its images: 500x375 JPEGs, whose masks are PNGs of 21 classes. Both take turns within one
process; the table has medians, and ratios are taken within each turn.
"""

import argparse
import functools
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow as tf

from benchmarks.analyzed_transform import analyzed_transform
from benchmarks.drawn_record import drawn_record
from benchmarks.numbered_classes import numbered_classes
from benchmarks.spread import spread
from models.data.augment_settings import AugmentSettings
from models.data.preprocessing import PreprocessingSettings
from models.network.deeplab_v3_plus import deeplab_v3_plus
from models.network.evaluation_network import evaluation_network
from models.network.model_settings import ModelSettings
from models.serving_model import export
from schema.record import IMAGE
from schema.signatures import IMAGE_INPUT, IMAGE_SIGNATURE, MASK_OUTPUT

CLASSES = 21
EXPORTED, BARE = "`serving_default`", "the network alone"


def contenders(folder: Path, settings: ModelSettings) -> dict[str, Callable[[int], object]]:
    """What is called with a batch size, by name."""
    label_map = numbered_classes(CLASSES)
    records = [drawn_record(index, label_map) for index in range(8)]
    preprocessing = PreprocessingSettings(
        input_size=settings.input_size, num_classes=CLASSES, augment=AugmentSettings()
    )
    transform = analyzed_transform(folder, records[:2], preprocessing)
    network = deeplab_v3_plus(settings, CLASSES)
    model = folder / "model"
    export(evaluation_network(network, settings, CLASSES), settings, transform, label_map, model, folder)
    loaded = tf.saved_model.load(str(model))
    images = [tf.train.Example.FromString(record).features.feature[IMAGE].bytes_list.value[0] for record in records]
    ready = np.random.default_rng(0).uniform(0, 255, (8, *settings.input_size, 3)).astype(np.float32)
    forward = tf.function(functools.partial(network, training=False), autograph=False)

    def exported(batch: int) -> object:
        return loaded.signatures[IMAGE_SIGNATURE](**{IMAGE_INPUT: tf.constant(images[:batch])})[MASK_OUTPUT].numpy()

    def bare(batch: int) -> object:
        return forward(tf.constant(ready[:batch])).numpy()

    return {BARE: bare, EXPORTED: exported}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", default="resnet50")
    parser.add_argument("--size", type=int, default=512, help="side of what the network sees, a multiple of 16")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8], help="images a call, at most 8")
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()

    settings = ModelSettings.model_validate(
        {"backbone": options.backbone, "weights": "none", "input_size": options.size}
    )
    times: dict[tuple[str, int], list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        runs = contenders(Path(folder), settings)
        for turn in range(options.repeats + 2):
            print(f"turn {turn + 1} of {options.repeats + 2}", file=sys.stderr)
            for batch in options.batches:
                for name, run in runs.items():
                    started = time.perf_counter()
                    run(batch)
                    if turn >= 2:  # two that do not count
                        times.setdefault((name, batch), []).append(1000 * (time.perf_counter() - started))

    print(f"{options.backbone}, {options.size}x{options.size}; medians of {options.repeats} (least–most)")
    versions = f"Python {platform.python_version()}, TensorFlow {tf.__version__}, Keras {keras.__version__}"
    print(f"{versions}, {os.cpu_count()} cores\n")
    print("| images a call | | ms | × the network alone |\n|--:|---|--:|--:|")
    for batch in options.batches:
        for name in runs:
            taken, other = times[name, batch], times[BARE, batch]
            ratios = [one / two for one, two in zip(taken, other, strict=True)]
            print(f"| {batch} | {name} | {statistics.median(taken):.0f} | {spread(ratios)} |")


if __name__ == "__main__":
    main()
