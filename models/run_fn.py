"""What the Trainer component calls."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
import tensorflow_transform as tft

from models.checkpoints import Checkpoints
from models.deeplab_v3_plus import deeplab_v3_plus
from models.evaluation_network import evaluation_network
from models.make_optimizer import make_optimizer
from models.preprocessing import CLASS_PIXELS
from models.serving_model import export
from models.settings import ModelSettings, Settings, TrainingSettings
from models.training_data import raw_features, training_data
from models.training_log import FILE_NAME, TrainingLog
from models.training_progress import TrainingProgress
from models.void_cross_entropy import VoidCrossEntropy, balanced_weights
from schema.label_map import LabelMap


class TrainerSettings(Settings):
    """What `run_fn` is told, as Trainer's `custom_config`."""

    model: ModelSettings
    training: TrainingSettings
    label_map: dict[str, Any]
    seed: int
    checkpoints: str  # a folder that survives a restart; each training has its own in it
    # Parts of the cache key, read by nobody: what is behind `model.weights`, and this code.
    weights_digest: str = ""
    code: str = ""


def run_fn(fn_args: Any) -> None:
    """Trains from the newest checkpoint of the same inputs, if there is one, and exports the model.

    Args:
        fn_args: `tfx.components.FnArgs`: `train_files`, `transform_graph_path`, `serving_model_dir`,
            `model_run_dir` and `custom_config` (`TrainerSettings` as a dictionary) are read.

    Raises:
        UserError: when the weights cannot be had, or the loss is no longer a number.
    """
    settings = TrainerSettings.model_validate(fn_args.custom_config)
    training, label_map = settings.training, LabelMap.from_dict(settings.label_map)
    files = _expand(fn_args.train_files)
    transform = tft.TFTransformOutput(fn_args.transform_graph_path)
    keras.utils.set_random_seed(settings.seed)

    size = training.crop_size or settings.model.input_size
    network = deeplab_v3_plus(settings.model.model_copy(update={"input_size": size}), len(label_map))
    weights = None
    if training.class_balance:
        weights = balanced_weights(_class_pixels(files, transform), training.class_balance)
    optimizer = make_optimizer(training, network.get_layer(settings.model.backbone))
    network.compile(optimizer=optimizer, loss=VoidCrossEntropy(weights), jit_compile=False)
    log = TrainingLog()
    checkpoints = Checkpoints(
        f"{settings.checkpoints}/{_key(settings, files, fn_args.transform_graph_path)}", training.checkpoint_every, log
    )
    first_step = checkpoints.restore(network)
    data = training_data(
        files,
        transform,
        batch_size=training.batch_size,
        seed=settings.seed,
        shuffle_buffer=training.shuffle_buffer,
        first_step=first_step,
        oversample=[training.oversample.get(name, 1) for name in label_map.names],
    )
    if first_step < training.steps:
        progress = TrainingProgress(training.steps, training.batch_size, log)
        network.fit(data.take(training.steps - first_step), callbacks=[log, progress, checkpoints], verbose=0)
    tf.io.gfile.makedirs(fn_args.model_run_dir)
    log.save(f"{fn_args.model_run_dir}/{FILE_NAME}")
    with tempfile.TemporaryDirectory() as scratch:
        export(
            evaluation_network(network, settings.model, len(label_map)),
            transform,
            label_map,
            fn_args.serving_model_dir,
            Path(scratch),
        )
    checkpoints.remove()


def _expand(patterns: Sequence[str]) -> list[str]:
    return sorted(path for pattern in patterns for path in tf.io.gfile.glob(pattern))


def _class_pixels(files: Sequence[str], transform: tft.TFTransformOutput) -> list[int]:
    """Transform's analysis, which stands alike in every transformed example."""
    serialized = next(iter(tf.data.TFRecordDataset(files, compression_type="GZIP").batch(1)))
    features = transform.transform_features_layer()(raw_features(serialized, tf.constant([-1], tf.int64)))
    return features[CLASS_PIXELS][0].numpy().tolist()


def _key(settings: TrainerSettings, files: Sequence[str], transform_graph: str) -> str:
    """Names what the training depends on: a checkpoint of anything else is never resumed."""
    inputs = settings.model_dump(mode="json", exclude={"checkpoints"}) | {"files": files, "transform": transform_graph}
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]
