"""Times a step of our training against keras-hub's DeepLabV3+, and a forward pass of ours against the bare backbone's.

    python -m benchmarks.training_step [--size 256] [--batch 4] [--repeats 5]

All have a ResNet-50 at output stride 16, random weights, float32, SGD with momentum and weight decay, and see the same
random batch; a step is forward, loss, backward and optimizer. They take turns within one process, so that they share
its threads and whatever else the machine does. The table has medians; ratios are taken within each turn.

keras-hub is installed by uv into a folder of its own and runs on our TensorFlow and Keras. It differs in what it has no
option for: plain 3x3 convolutions in the pyramid (see the row with ours so), none in the decoder, 256 channels brought
up to full size before the classes, and batch normalization as Keras composes it.
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

from benchmarks.install_peer import install_peer
from benchmarks.numbered_classes import numbered_classes
from benchmarks.spread import spread
from models.network.backbones import BACKBONES
from models.network.model_settings import ModelSettings
from models.recipe.make_optimizer import make_optimizer
from models.recipe.segmentation_loss import SegmentationLoss
from models.recipe.training_settings import TrainingSettings
from models.training.build_network import build_network
from schema.record import VOID

PEER = "keras-hub==0.24.0"  # of those for Python 3.10 and Keras 3.12
CLASSES = 21
OURS, PLAIN, HUB = "a step of ours", "a step of ours, `aspp: plain`", "a step of keras-hub's"
FORWARD, BACKBONE = "our forward pass", "the bare backbone's forward pass"

Times = dict[str, list[tuple[float, float]]]  # by name: wall and CPU seconds of each turn


def contenders(size: int, batch: int, with_peer: bool) -> tuple[dict[str, Callable[[], object]], dict[str, int]]:
    """What is run, and how many parameters each network has, by name."""
    random = np.random.default_rng(0)
    images = tf.constant(random.uniform(0, 255, (batch, size, size, 3)), tf.float32)
    ids = random.integers(0, CLASSES, (batch, size, size))
    labels = tf.constant(np.where(random.random(ids.shape) < 0.05, VOID, ids), tf.int64)
    settings = ModelSettings(backbone="resnet50", weights="none", input_size=(size, size))
    recipe = TrainingSettings(batch_size=batch)
    label_map = numbered_classes(CLASSES)
    networks = {}
    for name, aspp in ((OURS, "separable"), (PLAIN, "plain")):
        model = settings.model_copy(update={"aspp": aspp})
        networks[name] = build_network(model, recipe, label_map, tf.distribute.get_strategy(), SegmentationLoss())
    if with_peer:
        from benchmarks.keras_hub_network import keras_hub_network

        networks[HUB] = keras_hub_network((size, size), CLASSES)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=VOID)
        networks[HUB].compile(make_optimizer(recipe, networks[HUB]), loss, metrics=[], jit_compile=recipe.jit_compile)
    runs: dict[str, Callable[[], object]] = {
        name: functools.partial(network.train_on_batch, images, labels) for name, network in networks.items()
    }
    bare = BACKBONES["resnet50"].create(settings, (size, size, 3), None)
    networks |= {FORWARD: networks[OURS], BACKBONE: bare}
    for name in (FORWARD, BACKBONE):
        forward = tf.function(functools.partial(networks[name], training=False), autograph=False)
        runs[name] = functools.partial(forward, images)
    return runs, {name: network.count_params() for name, network in networks.items()}


def measure(runs: dict[str, Callable[[], object]], repeats: int) -> Times:
    """What each turn took, after two that do not count."""
    times: Times = {name: [] for name in runs}
    for turn in range(repeats + 2):
        print(f"turn {turn + 1} of {repeats + 2}", file=sys.stderr)
        for name, run in runs.items():
            wall, cpu = time.perf_counter(), time.process_time()
            run()
            times[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    return {name: taken[2:] for name, taken in times.items()}


def row(name: str, reference: str, times: Times, parameters: dict[str, int]) -> str:
    """A row of the table: medians of wall and CPU time, and how many times those of the reference they are."""
    cells = [name, f"{parameters[name] / 1e6:.1f} M"]
    for kind in (0, 1):
        ratios = [taken[kind] / other[kind] for taken, other in zip(times[name], times[reference], strict=True)]
        cells.append(f"{statistics.median(taken[kind] for taken in times[name]):.2f}")
        cells.append(spread(ratios))
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=256, help="side of the images, a multiple of 16")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        fault = install_peer(Path(folder), PEER, "kagglehub==1.0.2", beside_ours=True)
        sys.path.append(folder)
        runs, parameters = contenders(options.size, options.batch, not fault)
        times = measure(runs, options.repeats)

    size = f"{options.size}x{options.size}"
    print(f"ResNet-50, {size}, batch of {options.batch}, output stride 16; medians of {options.repeats} (least–most)")
    versions = f"Python {platform.python_version()}, TensorFlow {tf.__version__}, Keras {keras.__version__}"
    print(f"{versions}, {PEER}{f' not measured: {fault}' if fault else ''}, {os.cpu_count()} cores\n")
    print("| | parameters | wall, s | × ours | CPU, s | × ours |")
    print("|---|--:|--:|--:|--:|--:|")
    for name in runs:
        print(row(name, FORWARD if name in (FORWARD, BACKBONE) else OURS, times, parameters))


if __name__ == "__main__":
    main()
