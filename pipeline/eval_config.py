"""The Evaluator's configuration."""

from __future__ import annotations

import json

# Not by way of `tfma`, which in TFMA 0.52 has these only once TFX has been imported.
from tensorflow_model_analysis.proto import config_pb2

from pipeline.evaluation_settings import EvaluationSettings
from schema.label_map import LabelMap
from schema.record import MASK, VOID
from schema.signatures import EXAMPLE_SIGNATURE, MASK_OUTPUT


def eval_config(settings: EvaluationSettings, label_map: LabelMap) -> config_pb2.EvalConfig:
    """Our metric on the exported model's own masks, overall and by slice; the bounds are the `Gate`'s."""
    background = label_map.names.index(settings.background) if settings.background in label_map.names else None
    metric = config_pb2.MetricConfig(
        class_name="MeanIoU",
        module="components.segmentation_metrics.mean_iou",
        config=json.dumps(
            {
                "num_classes": len(label_map),
                "class_names": list(label_map.names),
                "void": VOID,
                "background": background,
            }
        ),
    )
    model = config_pb2.ModelSpec(signature_name=EXAMPLE_SIGNATURE, label_key=MASK, prediction_key=MASK_OUTPUT)
    config = config_pb2.EvalConfig(
        model_specs=[model],
        slicing_specs=[
            config_pb2.SlicingSpec(),
            *(config_pb2.SlicingSpec(feature_keys=[name]) for name in settings.slices),
        ],
        metrics_specs=[config_pb2.MetricsSpec(metrics=[metric, config_pb2.MetricConfig(class_name="ExampleCount")])],
    )
    if settings.confidence_intervals:
        config.options.compute_confidence_intervals.value = True
        config.options.confidence_intervals.method = config_pb2.ConfidenceIntervalOptions.JACKKNIFE
    return config
