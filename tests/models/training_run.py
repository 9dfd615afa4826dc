"""`run_fn` on tiny data, here or, as `python -m`, in a process that kills itself outright at a chosen point."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import tensorflow as tf

from models.network import deeplab_v3_plus
from models.network.backbones import Size
from models.network.fused_batch_normalization import FusedBatchNormalization
from models.network.model_settings import ModelSettings
from models.run_fn import run_fn
from models.training.training_log import TrainingLog
from tests.models.tiny import NUM_CLASSES

LABEL_MAP = {
    "void_id": 255,
    "classes": [{"id": index, "name": f"class {index}", "color": [60 * index, 20, 90]} for index in range(NUM_CLASSES)],
}
MODEL = {
    "backbone": "mobilenet_v2",
    "weights": "none",
    "input_size": [32, 48],
    "atrous_rates": [1],
    "batch_norm_momentum": 0.5,
    "aspp_filters": 8,
    "decoder_filters": 8,
    "low_level_filters": 4,
}


def fn_args(folder: Path, records: str, transform: str, **training: Any) -> dict[str, Any]:
    """What TFX hands to `run_fn`: outputs and checkpoints lie in `folder`."""
    return {
        "train_files": [records],
        "transform_graph_path": transform,
        "serving_model_dir": str(folder / "serving"),
        "model_run_dir": str(folder / "model_run"),
        "hyperparameters": None,
        "base_model": None,
        "custom_config": {
            "model": MODEL,
            "training": training,
            "label_map": LABEL_MAP,
            "seed": 3,
            "checkpoints": str(folder / "checkpoints"),
        },
    }


def run(args: dict[str, Any]) -> None:
    """As TFX would, but for a backbone of two convolutions: to build and trace a real one takes most of the time."""
    whole, deeplab_v3_plus.dilated_backbone = deeplab_v3_plus.dilated_backbone, _backbone
    try:
        run_fn(SimpleNamespace(**args))
    finally:
        deeplab_v3_plus.dilated_backbone = whole


def _backbone(settings: ModelSettings, size: Size) -> keras.Model:
    x = image = keras.Input((*size, 3))
    features = {}
    for level in ("low", "high"):
        x = keras.layers.Conv2D(8, 5, 4, "same", activation="relu", name=level)(x)
        features[level] = x = FusedBatchNormalization(name=f"{level}_bn")(x)
    return keras.Model(image, features, name=settings.backbone)


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_after_step(number: int) -> None:
    listen = TrainingLog.on_train_batch_end

    def on_train_batch_end(self: TrainingLog, batch: int, logs: dict) -> None:
        listen(self, batch, logs)
        if len(self.steps) == number:
            _die()

    TrainingLog.on_train_batch_end = on_train_batch_end  # type: ignore[method-assign]


def _die_halfway_through_checkpoint(number: int) -> None:
    copy = tf.io.gfile.copy

    def half_a_copy(source: str, target: str, overwrite: bool = False) -> None:
        if Path(source).name.startswith(f"step-{number:08d}") and Path(target).name == "partial":
            content = Path(source).read_bytes()
            Path(target).write_bytes(content[: len(content) // 2])
            _die()
        copy(source, target, overwrite=overwrite)

    tf.io.gfile.copy = half_a_copy


_POINTS: dict[str, Callable[[int], None]] = {
    "step": _die_after_step,
    "checkpoint": _die_halfway_through_checkpoint,
}


if __name__ == "__main__":
    _, file, point, number = sys.argv
    _POINTS[point](int(number))
    run(json.loads(Path(file).read_text()))
