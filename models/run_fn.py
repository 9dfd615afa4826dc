"""What the Trainer component calls."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any

import tensorflow as tf
import tensorflow_transform as tft

from models.network.architecture import save_architecture
from models.serving_model import export
from models.training.base_model import base_model
from models.training.train import train
from models.training.trainer_settings import TrainerSettings
from models.training.training_log import FILE_NAME
from models.training.validation import FILE_NAME as VALIDATION
from models.tuner.apply_hyperparameters import apply_hyperparameters
from models.tuner.describe_search import describe_values
from models.tuner.hyperparameters_file import save_hyperparameters
from models.warmup_requests import save_warmup_requests
from schema.label_map import LabelMap

_LOG = logging.getLogger("segpipe.training")


def run_fn(fn_args: Any) -> None:
    """Trains from the newest checkpoint of the same inputs, if there is one, and exports the model.

    Args:
        fn_args: `tfx.components.FnArgs`: `train_files`, `transform_graph_path`, `serving_model_dir`,
            `model_run_dir`, `base_model` (a model that was pushed, where one is to be started from), `custom_config`
            (`TrainerSettings` as a dictionary) and `hyperparameters` (a tuner's best, as KerasTuner describes them, or
            None) are read.

    Raises:
        UserError: when the weights cannot be had, or the loss is no longer a number.
    """
    settings = TrainerSettings.model_validate(fn_args.custom_config)
    if tuned := (fn_args.hyperparameters or {}).get("values", {}):
        _LOG.info("values of the tuner: %s", describe_values(tuned))
        settings = settings.model_copy(update={"training": apply_hyperparameters(settings.training, tuned)})
    label_map = LabelMap.from_dict(settings.label_map)
    trained = train(settings, fn_args.train_files, fn_args.transform_graph_path, base_model(settings, fn_args))
    tf.io.gfile.makedirs(fn_args.model_run_dir)
    trained.log.save(f"{fn_args.model_run_dir}/{FILE_NAME}")
    if trained.validation:
        trained.validation.save(f"{fn_args.model_run_dir}/{VALIDATION}", label_map.names)
    trained.events.copy_to(fn_args.model_run_dir)
    if tuned:
        save_hyperparameters(fn_args.model_run_dir, tuned)
    with tempfile.TemporaryDirectory() as scratch:
        export(
            trained.network,
            settings.model,
            tft.TFTransformOutput(fn_args.transform_graph_path),
            label_map,
            fn_args.serving_model_dir,
            Path(scratch),
        )
    save_architecture(settings.model, fn_args.serving_model_dir)
    save_warmup_requests(fn_args.serving_model_dir, settings.model.input_size)
    trained.checkpoints.remove()
