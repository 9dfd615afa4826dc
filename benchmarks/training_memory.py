"""Watches the memory of a training over its steps.

    python -m benchmarks.training_memory [--steps 1000] [--held-out 0.2]

A small DeepLabV3+ on drawn images, trained as the Trainer does it, with augmentation, checkpoints and validation on
held-out images. What is resident is read after every step. Linux only.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import tensorflow as tf

from benchmarks.analyzed_transform import analyzed_transform
from benchmarks.drawn_record import drawn_record
from benchmarks.numbered_classes import numbered_classes
from components.segmentation_example_gen.shard_writer import ShardWriter
from models.data.augment_settings import AugmentSettings
from models.data.preprocessing import PreprocessingSettings
from models.network.model_settings import ModelSettings
from models.recipe.training_settings import TrainingSettings
from models.training.train import train
from models.training.trainer_settings import TrainerSettings
from models.training.training_log import TrainingLog

CLASSES, PICTURES = 5, 100
LABEL_MAP = numbered_classes(CLASSES)
MODEL = ModelSettings(
    backbone="mobilenet_v2",
    weights="none",
    width=0.35,
    input_size=(64, 64),
    aspp_filters=16,
    decoder_filters=16,
    low_level_filters=8,
)
AUGMENT = AugmentSettings(
    scale=(0.5, 2.0), rotation=10, shear=5, flip=0.5, crop=True, brightness=0.2, contrast=0.2, saturation=0.2
)


class MemoryLog(TrainingLog):
    """A log that reads what is resident after each step.

    Attributes:
        resident: bytes, by step from 1.
    """

    def __init__(self) -> None:
        super().__init__()
        self.resident: dict[int, int] = {}

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float]) -> None:
        super().on_train_batch_end(batch, logs)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.resident[len(self.steps)] = pages * os.sysconf("SC_PAGE_SIZE")


def run_training(folder: Path, steps: int, held_out: float) -> dict[int, int]:
    """Bytes resident after each step."""
    records = [drawn_record(index, LABEL_MAP, (96, 128)) for index in range(PICTURES)]
    with ShardWriter(str(folder / "records.gz"), str(folder)) as writer:
        for record in records:
            writer.write(record)
    preprocessing = PreprocessingSettings(input_size=MODEL.input_size, num_classes=CLASSES, augment=AUGMENT)
    analyzed_transform(folder, records[:2], preprocessing)
    recipe = TrainingSettings(
        steps=steps, batch_size=4, learning_rate=0.001, checkpoint_every=100, shuffle_buffer=50, held_out=held_out
    )
    settings = TrainerSettings(
        model=MODEL, training=recipe, label_map=LABEL_MAP.to_dict(), seed=1, checkpoints=str(folder / "checkpoints")
    )
    with mock.patch("models.training.train.TrainingLog", MemoryLog):
        log = train(settings, [str(folder / "records.gz")], str(folder / "transform")).log
    assert isinstance(log, MemoryLog)
    return log.resident


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--held-out", type=float, default=0.2, help="share of the images that is validated on")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        resident = run_training(Path(folder), options.steps, options.held_out)

    print(f"{options.steps} steps, {MODEL.input_size[0]}x{MODEL.input_size[1]}, batch of 4, {os.cpu_count()} cores")
    print(f"Python {platform.python_version()}, TensorFlow {tf.__version__}, Keras {keras.__version__}\n")
    shown = [options.steps * share // 20 for share in (2, 5, 10, 15, 20)]
    print(f"| step | {' | '.join(map(str, shown))} |")
    print(f"|---|{'--:|' * len(shown)}")
    print(f"| MiB resident | {' | '.join(f'{resident[step] / 2**20:.0f}' for step in shown)} |")
    print(
        f"| × that at step {shown[0]} | {' | '.join(f'{resident[step] / resident[shown[0]]:.3f}' for step in shown)} |"
    )


if __name__ == "__main__":
    main()
