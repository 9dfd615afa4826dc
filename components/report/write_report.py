"""Makes a report from the artifacts of a run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import tensorflow as tf
import yaml
from tfx import types
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components.report.commit import commit
from components.report.data_overview import data_overview
from components.report.gallery import make_gallery
from components.report.lineage import lineage
from components.report.render import render_report
from components.report.summary import summarize
from components.report.training_curve import training_curve
from models.training.read_training_log import read_training_log
from models.training.read_validations import read_validations
from models.training.training_log import FILE_NAME
from models.training.validation import FILE_NAME as VALIDATION
from models.tuner.hyperparameters_file import read_hyperparameters
from schema.label_map import LabelMap

PAGE, METRICS = "index.html", "metrics.json"


def write_report(artifacts: Mapping[str, types.Artifact], settings: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """Writes `index.html` (self-contained) and `metrics.json`.

    Args:
        artifacts: `evaluation`, `blessing`, `baseline`, `model`, `model_run`, `pushed_model`, `examples`,
            `statistics`, `anomalies` and `leak_findings`.
        settings: `name`, `split`, `label_map`, `examples` (how many are shown) and `config` (of the run, to be shown).
        folder: any that `tf.io.gfile` knows.

    Returns:
        What is in `metrics.json`; `hyperparameters` only where a tuner has chosen any.
    """
    label_map = LabelMap.from_dict(settings["label_map"])
    metrics = summarize(
        settings["name"],
        settings["split"],
        label_map,
        artifacts["evaluation"],
        artifacts["blessing"],
        artifacts["baseline"],
        artifacts["pushed_model"],
    )
    metrics["data"] = data_overview(artifacts, label_map)
    if chosen := read_hyperparameters(artifacts["model_run"].uri):
        metrics["hyperparameters"] = chosen
    model = artifacts["model"]
    model_dir = path_utils.serving_model_path(model.uri, path_utils.is_old_model_artifact(model))
    split_uri = artifact_utils.get_split_uri([artifacts["examples"]], metrics["split"])
    records = tf.data.TFRecordDataset(sorted(tf.io.gfile.glob(f"{split_uri}/*")), compression_type="GZIP")
    steps = read_training_log(f"{artifacts['model_run'].uri}/{FILE_NAME}")
    validations = read_validations(f"{artifacts['model_run'].uri}/{VALIDATION}")
    page = render_report(
        metrics,
        make_gallery(model_dir, records.as_numpy_iterator, settings["examples"], label_map),
        label_map,
        yaml.safe_dump(settings["config"], sort_keys=False),
        lineage(artifacts, commit()),
        training_curve(
            [step.loss for step in steps],
            [step.learning_rate for step in steps],
            [(validation.step, validation.mean_iou) for validation in validations],
        ),
    )
    tf.io.gfile.makedirs(folder)
    for name, text in ((PAGE, page), (METRICS, json.dumps(metrics, indent=2) + "\n")):
        with tf.io.gfile.GFile(f"{folder}/{name}", "w") as file:
            file.write(text)
    return metrics
