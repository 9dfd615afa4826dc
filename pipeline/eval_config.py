"""The Evaluator's configuration."""

from __future__ import annotations

import json

import tensorflow_model_analysis as tfma

from pipeline.config import EvaluationSettings
from schema.label_map import LabelMap
from schema.record import MASK, VOID
from schema.signatures import EXAMPLE_SIGNATURE, MASK_OUTPUT


def eval_config(settings: EvaluationSettings, label_map: LabelMap) -> tfma.EvalConfig:
    """Our metric on the exported model's own masks, overall and by slice; the bounds are the `Gate`'s."""
    metric = tfma.MetricConfig(
        class_name="MeanIoU",
        module="components.segmentation_metrics.mean_iou",
        config=json.dumps({"num_classes": len(label_map), "class_names": list(label_map.names), "void": VOID}),
    )
    return tfma.EvalConfig(
        model_specs=[tfma.ModelSpec(signature_name=EXAMPLE_SIGNATURE, label_key=MASK, prediction_key=MASK_OUTPUT)],
        slicing_specs=[tfma.SlicingSpec(), *(tfma.SlicingSpec(feature_keys=[name]) for name in settings.slices)],
        metrics_specs=[tfma.MetricsSpec(metrics=[metric, tfma.MetricConfig(class_name="ExampleCount")])],
    )
