"""Measures the share of its time that a training waits for input.

    python -m benchmarks.input_wait [configs/camvid_cpu.yaml] [--steps 120] [--warmup 20] [--image-size 360 480]

The configuration's own Transform graph, input and network, on drawn PNGs of the size asked for. Each step is timed in
two parts: until its batch is there, and forward, backward and optimizer. While the step runs, the input prepares the
next batches. On a CPU that takes cores away from the step, which waiting does not show: so the same steps on one batch
that is in memory already are timed as well, after the input has ended.
"""

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf

from benchmarks.analyzed_transform import analyzed_transform
from benchmarks.drawn_record import drawn_record
from benchmarks.numbered_classes import numbered_classes
from components.segmentation_example_gen.shard_writer import ShardWriter
from models.data.preprocessing import PreprocessingSettings
from models.data.training_data import training_data
from models.recipe.distribution import distribution
from models.recipe.segmentation_loss import SegmentationLoss
from models.training.build_network import build_network
from pipeline.config import Config, load_config

CLASSES, PICTURES = 11, 100
LABEL_MAP = numbered_classes(CLASSES)

Batch = tuple[tf.Tensor, tf.Tensor]


def make_input(config: Config, size: tuple[int, int], folder: Path) -> tf.data.Dataset:
    """The training's input, endless, over drawn records in `folder`."""
    records = [drawn_record(index, LABEL_MAP, size, "PNG") for index in range(PICTURES)]
    file = str(folder / "records.gz")
    with ShardWriter(file, str(folder)) as writer:
        for record in records:
            writer.write(record)
    preprocessing = PreprocessingSettings(
        input_size=config.model.input_size,
        crop_size=config.training.crop_size,
        num_classes=CLASSES,
        augment=config.augment,
    )
    transform = analyzed_transform(folder, records[:2], preprocessing)
    buffer, batch = config.training.shuffle_buffer, config.training.batch_size
    return training_data([file], transform, batch_size=batch, seed=config.seed, shuffle_buffer=buffer)


def timed_steps(network: keras.Model, batches: Iterator[Batch], steps: int) -> list[tuple[float, float]]:
    """Seconds of waiting and of training in each step."""
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        images, labels = next(batches)
        there = time.perf_counter()
        network.train_on_batch(images, labels)  # gives the loss, so it comes back when the step is done
        times.append((there - start, time.perf_counter() - there))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", nargs="?", default="configs/camvid_cpu.yaml")
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--warmup", type=int, default=20, help="steps that do not count")
    parser.add_argument("--image-size", type=int, nargs=2, default=[360, 480], metavar=("HEIGHT", "WIDTH"))
    options = parser.parse_args()

    config = load_config(options.config)
    model = config.model.model_copy(update={"weights": "none"})
    strategy = distribution(config.training)
    network = build_network(model, config.training, LABEL_MAP, strategy, SegmentationLoss())
    with tempfile.TemporaryDirectory() as folder:
        batches = iter(make_input(config, tuple(options.image_size), Path(folder)))
        timed_steps(network, batches, options.warmup)
        times = timed_steps(network, batches, options.steps)
        batch = next(batches)
        del batches
    timed_steps(network, iter([batch] * 3), 3)
    alone = timed_steps(network, iter([batch] * options.steps), options.steps)

    waits, steps = (sum(part) for part in zip(*times, strict=True))
    devices = len(tf.config.list_physical_devices("GPU"))
    where = f"{devices} GPUs" if devices else f"{os.cpu_count()} cores"
    print(f"{options.config}, {options.steps} steps after {options.warmup}; {where}")
    print(f"Python {platform.python_version()}, TensorFlow {tf.__version__}, Keras {keras.__version__}\n")
    print("| waiting, ms a step | longest | share of all time | step, ms | step on a batch in memory, ms |")
    print("|--:|--:|--:|--:|--:|")
    cells = [
        f"{1e3 * waits / len(times):.2f}",
        f"{1e3 * max(wait for wait, _ in times):.1f}",
        f"{waits / (waits + steps):.2%}",
        f"{1e3 * statistics.median(step for _, step in times):.0f}",
        f"{1e3 * statistics.median(step for _, step in alone):.0f}",
    ]
    print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
