"""Gates a SavedModel by mean IoU, in the way TFX's Evaluator does: what passes, and how the results are read back."""

import json
import math

import apache_beam as beam
import numpy as np
import pytest
import tensorflow as tf
import tensorflow_model_analysis as tfma
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from tensorflow_model_analysis.proto import config_pb2
from tfx_bsl.public import tfxio

from schema import record
from tests.components.segmentation_metrics.masks import encode_png

pytestmark = pytest.mark.slow

MASKS = {"a": [[0, 1, 2], [0, 255, 2]], "b": [[0, 1], [1, 1]]}  # classes 0..2 of 4, by source
OVERALL = [config_pb2.SlicingSpec()]


class Lookup(tf.Module):
    """A model that knows the truth and renames its classes."""

    def __init__(self, renamed):
        super().__init__()
        self._table = tf.constant([renamed.get(i, i % 255) for i in range(256)], tf.uint8)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="examples")])
    def from_examples(self, examples):
        masks = tf.io.parse_example(examples, {record.MASK: tf.io.FixedLenFeature([], tf.string)})[record.MASK]
        return {"mask_png": tf.map_fn(self._predict, masks)}

    def _predict(self, mask):
        ids = tf.io.decode_png(mask, channels=1)
        return tf.io.encode_png(tf.gather(self._table, tf.cast(ids, tf.int32)))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    root = tmp_path_factory.mktemp("models")
    for name, renamed in {"perfect": {}, "blind to class 2": {2: 1}}.items():
        model = Lookup(renamed)
        tf.saved_model.save(model, str(root / name), signatures={"from_examples": model.from_examples})
    return root


@pytest.fixture
def evaluate(models, tmp_path):
    """A function that evaluates a model, with or without a baseline, and returns where the results are."""

    def evaluate(metrics_specs, candidate, baseline=None, masks=MASKS):
        eval_config = tfma.utils.update_eval_config_with_defaults(
            config_pb2.EvalConfig(
                model_specs=[
                    config_pb2.ModelSpec(
                        signature_name="from_examples", label_key=record.MASK, prediction_key="mask_png"
                    )
                ],
                slicing_specs=[*OVERALL, config_pb2.SlicingSpec(feature_keys=[record.SOURCE])],
                metrics_specs=metrics_specs,
            ),
            has_baseline=baseline is not None,
            rubber_stamp=True,
        )
        shared = [
            tfma.default_eval_shared_model(str(models / name), model_name=spec.name, eval_config=eval_config)
            for name, spec in zip([candidate, baseline], eval_config.model_specs, strict=False)
        ]
        source = tfxio.TFExampleBeamRecord(physical_format="inmem", raw_record_column_name=tfma.ARROW_INPUT_COLUMN)
        with beam.Pipeline(runner=FnApiRunner()) as pipeline:
            _ = (
                pipeline
                | beam.Create([_example(source, mask) for source, mask in masks.items()])
                | source.BeamSource()
                | tfma.ExtractEvaluateAndWriteResults(
                    eval_shared_model=shared if baseline else shared[0],
                    eval_config=eval_config,
                    output_path=str(tmp_path),
                )
            )
        return str(tmp_path)

    return evaluate


def _example(source, mask) -> bytes:
    features = {record.MASK: encode_png(mask), record.SOURCE: source.encode()}
    return tf.train.Example(
        features=tf.train.Features(
            feature={
                name: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value])) for name, value in features.items()
            }
        )
    ).SerializeToString()


def mean_iou(name="mean_iou", at_least=None, gain=None, everywhere=False):
    """A metrics spec that wants this much overall, and this much more than the baseline."""
    threshold = config_pb2.MetricThreshold()
    if at_least is not None:
        threshold.value_threshold.lower_bound.value = at_least
    if gain is not None:
        threshold.change_threshold.direction = tfma.MetricDirection.HIGHER_IS_BETTER
        threshold.change_threshold.absolute.value = gain
    config = config_pb2.MetricConfig(
        class_name="MeanIoU",
        module="components.segmentation_metrics.mean_iou",
        config=json.dumps({"num_classes": 4, "name": name}),
    )
    if everywhere:
        config.threshold.CopyFrom(threshold)
    else:
        config.per_slice_thresholds.add(slicing_specs=OVERALL, threshold=threshold)
    return config_pb2.MetricsSpec(metrics=[config])


def failures(results) -> list[tuple[str, int | None]]:
    """(name, class id) of every threshold missed in any slice."""
    validation = tfma.load_validation_result(results)
    keys = [failure.metric_key for in_slice in validation.metric_validations_per_slice for failure in in_slice.failures]
    assert validation.validation_ok is not bool(keys)
    return [(key.name, key.sub_key.class_id.value if key.HasField("sub_key") else None) for key in keys]


def test_bound_and_gain_are_reached_where_they_are_equalled(evaluate):
    gates = [
        mean_iou("bound equalled", at_least=1),
        mean_iou("bound missed", at_least=math.nextafter(1, 2)),
        mean_iou("gain equalled", gain=0),
        mean_iou("gain missed", gain=1e-9),
    ]
    results = evaluate(gates, candidate="perfect", baseline="perfect")
    assert sorted(failures(results)) == [("bound missed", None), ("gain missed", None)]


def test_nan_reaches_nothing(evaluate):
    gates = [mean_iou("bound", at_least=0), mean_iou("gain", gain=-1)]
    results = evaluate(gates, candidate="perfect", baseline="perfect", masks={"a": [[255, 255]]})
    assert sorted(failures(results)) == [("bound", None), ("gain", None)]


def test_without_a_baseline_the_bound_decides_alone(evaluate):
    assert failures(evaluate([mean_iou(at_least=1, gain=1)], candidate="perfect")) == []


def test_without_a_baseline_a_gain_is_no_threshold(evaluate):
    validation = tfma.load_validation_result(evaluate([mean_iou(gain=0)], candidate="perfect"))
    assert validation.missing_thresholds
    assert not validation.validation_ok


def test_without_examples_nothing_passes(evaluate):
    validation = tfma.load_validation_result(evaluate([mean_iou(at_least=0)], candidate="perfect", masks={}))
    assert not validation.validation_ok


def test_a_threshold_that_names_no_slice_holds_in_each(evaluate):
    gates = [mean_iou("overall", at_least=0.5), mean_iou("everywhere", at_least=0.5, everywhere=True)]
    assert failures(evaluate(gates, candidate="blind to class 2")) == [("everywhere", None)]  # source a: 4 / 9


def test_results_are_read_back_by_model_slice_and_class(evaluate):
    results = evaluate([mean_iou(gain=0)], candidate="blind to class 2", baseline="perfect")

    candidate = tfma.load_eval_result(results, model_name=tfma.CANDIDATE_KEY)
    overall = candidate.get_metrics_for_slice()
    expected = {
        "mean_iou": {"doubleValue": pytest.approx(5 / 9)},
        "mean_iou_diff": {"doubleValue": pytest.approx(-4 / 9)},
        "mean_iou_classes": {"doubleValue": 3.0},
        "mean_iou_classes_diff": {"doubleValue": 0.0},
        "pixel_accuracy": {"doubleValue": pytest.approx(7 / 9)},
        "pixel_accuracy_diff": {"doubleValue": pytest.approx(-2 / 9)},
    }
    assert {name: overall[name] for name in expected} == expected
    assert candidate.get_metrics_for_slice(class_id=1)["iou"] == {"doubleValue": pytest.approx(2 / 3)}
    assert candidate.get_metrics_for_slice(class_id=3)["iou"] == {"doubleValue": "NaN"}  # a word: JSON has no nan
    assert candidate.get_metrics_for_slice(((record.SOURCE, "b"),))["mean_iou"] == {"doubleValue": 1.0}

    baseline = tfma.load_eval_result(results, model_name=tfma.BASELINE_KEY)
    assert baseline.get_metrics_for_slice()["mean_iou"] == {"doubleValue": 1.0}

    (in_slice,) = tfma.load_validation_result(results).metric_validations_per_slice
    (failure,) = in_slice.failures
    assert failure.metric_key.is_diff
    assert failure.metric_value.double_value.value == pytest.approx(-4 / 9)

    overall = next(metrics for metrics in tfma.load_metrics(results) if not metrics.slice_key.single_slice_keys)
    ious = [
        kv.value.double_value.value
        for kv in sorted(overall.metric_keys_and_values, key=lambda kv: kv.key.sub_key.class_id.value)
        if (kv.key.name, kv.key.model_name, kv.key.is_diff) == ("iou", tfma.BASELINE_KEY, False)
    ]
    np.testing.assert_array_equal(ious, [1, 1, 1, np.nan])  # the protos keep nan as it is


def test_a_class_can_be_gated_by_name(evaluate):
    at_least_half = config_pb2.MetricThreshold(
        value_threshold=config_pb2.GenericValueThreshold(lower_bound={"value": 0.5})
    )
    per_class = config_pb2.MetricsSpec(
        binarize=config_pb2.BinarizationOptions(class_ids={"values": [1, 2]}),
        per_slice_thresholds={
            "iou": config_pb2.PerSliceMetricThresholds(
                thresholds=[config_pb2.PerSliceMetricThreshold(slicing_specs=OVERALL, threshold=at_least_half)]
            )
        },
    )
    results = evaluate([mean_iou(at_least=0.5), per_class], candidate="blind to class 2")
    assert failures(results) == [("iou", 2)]
