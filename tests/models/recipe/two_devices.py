"""As `python -m`: trains on two devices, which TensorFlow makes of one CPU if it is told so before all else."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from models.network.backbones import BACKBONES
from models.recipe.distribution import distribution
from models.recipe.segmentation_loss import SegmentationLoss
from models.recipe.training_settings import TrainingSettings
from models.training.build_network import build_network
from models.training.pixel_counts import PixelCounts
from models.training.training_log import TrainingLog
from schema.label_map import LabelMap
from tests.models.tiny import image_and_mask, jpeg, png, serialized
from tests.models.tiny_backbone import SETTINGS, TINY
from tests.models.training_run import fn_args, run

LABEL_MAP = LabelMap(("dark", "grey", "bright"), ((0, 0, 0),) * 3)
STEPS = 4


def _steps(precision: str, where: str) -> dict[str, list]:
    """Losses and weights of four steps of four images, of which each device gets the same two.

    So batch norm has the same statistics on each device as on one that gets all four.
    """
    random = np.random.default_rng(0)
    images = np.tile(random.uniform(0, 255, (STEPS, 2, 32, 32, 3)), (1, 2, 1, 1, 1)).astype(np.float32)
    labels = (images[..., 0] // 100).astype(np.int64)
    training = TrainingSettings(
        steps=10,
        batch_size=4,
        learning_rate=0.5,
        clip_norm=0.5,
        backbone_learning_rate=0.1,
        precision=precision,
        distribution=where,
    )
    keras.utils.set_random_seed(1)
    strategy = distribution(training)
    with strategy.scope():
        counts = PixelCounts(len(LABEL_MAP))
    network = build_network(SETTINGS, training, LABEL_MAP, strategy, SegmentationLoss(), [counts])
    log = TrainingLog()
    with strategy.scope():
        network.fit(tf.data.Dataset.from_tensor_slices((images, labels)), callbacks=[log], verbose=0)
    weights = [weight.numpy().ravel() for weight in network.trainable_weights]
    return {
        "losses": [step.loss for step in log.steps],
        "weights": np.concatenate(weights).tolist(),
        "pixels": int(counts.matrix().sum()),
    }


class _StopError(Exception):
    pass


def _stop_after(step: int) -> None:
    listen = TrainingLog.on_train_batch_end

    def on_train_batch_end(self: TrainingLog, batch: int, logs: dict) -> None:
        listen(self, batch, logs)
        if len(self.steps) == step:
            TrainingLog.on_train_batch_end = listen  # type: ignore[method-assign]
            raise _StopError

    TrainingLog.on_train_batch_end = on_train_batch_end  # type: ignore[method-assign]


def _runs(folder: Path, transform: str) -> dict[str, str]:
    """Training logs of a run without and with an interruption."""
    records = str(folder / "twelve.gz")
    with tf.io.TFRecordWriter(records, "GZIP") as writer:
        for index in range(12):
            image, mask = image_and_mask(index, 40, 60)
            writer.write(serialized(jpeg(image), png(mask), f"{index}.jpg"))
    recipe = {"steps": 5, "batch_size": 4, "checkpoint_every": 2, "held_out": 0.4, "distribution": "mirrored"}
    logs = {}
    for name in ("whole", "cut"):
        arguments = fn_args(folder / name, records, transform, **recipe)
        if name == "cut":
            _stop_after(3)
            try:
                run(arguments)
            except _StopError:
                logs["left"] = " ".join(sorted(path.name for path in (folder / name).rglob("step-*.h5")))
        run(arguments)
        logs[name] = (folder / name / "model_run" / "training_log.csv").read_text()
    return logs


def main(folder: str, transform: str) -> None:
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    runs = _runs(Path(folder), transform)
    BACKBONES["mobilenet_v2"] = TINY
    kinds = [("float32", "one"), ("float32", "mirrored"), ("mixed_float16", "mirrored")]
    steps = {f"{precision} {where}": _steps(precision, where) for precision, where in kinds}
    (Path(folder) / "results.json").write_text(json.dumps({"runs": runs, "steps": steps}))


if __name__ == "__main__":
    main(*sys.argv[1:])
