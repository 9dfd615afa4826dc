"""Runs metrics through TFMA, and reads back what it wrote."""

import json

import apache_beam as beam
import numpy as np
import tensorflow_model_analysis as tfma
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from tensorflow_model_analysis.proto import config_pb2

from tests.components.segmentation_metrics.masks import encode_png

MODULES = {
    "MeanIoU": "components.segmentation_metrics.mean_iou",
    "BoundaryIoU": "components.segmentation_metrics.boundary_iou",
}


def example(truth, prediction, source="voc"):
    return {
        tfma.LABELS_KEY: np.array([encode_png(truth)], object),
        tfma.PREDICTIONS_KEY: prediction if isinstance(prediction, dict) else np.array(encode_png(prediction), object),
        tfma.FEATURES_KEY: {"source": np.array([source.encode()], object)},
    }


def evaluate(
    directory, examples, configs, class_name="MeanIoU", model_specs=(), slicing_specs=(), intervals=None, seed=None
) -> str:
    """Writes the results of one metric per config; returns the directory as TFMA wants it."""
    eval_config = config_pb2.EvalConfig(
        model_specs=model_specs or [config_pb2.ModelSpec()],
        slicing_specs=[config_pb2.SlicingSpec(), *slicing_specs],
        metrics_specs=[
            config_pb2.MetricsSpec(
                metrics=[
                    config_pb2.MetricConfig(
                        class_name=class_name, module=MODULES[class_name], config=json.dumps(config)
                    )
                    for config in configs
                ],
                model_names=[spec.name for spec in model_specs],
            )
        ],
    )
    if intervals is not None:
        eval_config.options.compute_confidence_intervals.value = True
        eval_config.options.confidence_intervals.method = intervals
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        _ = (
            pipeline
            | beam.Create(examples, reshuffle=False)
            | tfma.ExtractAndEvaluate(
                extractors=[tfma.extractors.SliceKeyExtractor(eval_config=eval_config)],
                evaluators=[
                    tfma.evaluators.MetricsPlotsAndValidationsEvaluator(eval_config, random_seed_for_testing=seed)
                ],
            )
            | tfma.WriteResults(writers=tfma.default_writers(output_path=str(directory), eval_config=eval_config))
        )
    return str(directory)


def entries(directory):
    """{slice key: {(model, name, class id): proto}} of what is no difference between models."""
    return {
        tuple((key.column, key.bytes_value.decode()) for key in in_slice.slice_key.single_slice_keys): {
            (entry.key.model_name, entry.key.name, _class_id(entry.key)): entry
            for entry in in_slice.metric_keys_and_values
            if not entry.key.is_diff
        }
        for in_slice in tfma.load_metrics(directory)
    }


def values(directory):
    """{slice key: {(model, name, class id): value}}"""
    return {
        slice_key: {key: entry.value.double_value.value for key, entry in in_slice.items()}
        for slice_key, in_slice in entries(directory).items()
    }


def _class_id(key):
    return key.sub_key.class_id.value if key.HasField("sub_key") else None
