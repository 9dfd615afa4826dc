import json
import math

import apache_beam as beam
import numpy as np
import pytest
import tensorflow_model_analysis as tfma
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from components.segmentation_metrics import scores
from components.segmentation_metrics.mean_iou import MeanIoU
from tests.components.segmentation_metrics.masks import count_by_hand, encode_png

NAN = math.nan
TRUTH, PREDICTION = [[0, 0, 1], [1, 2, 255]], [[0, 1, 1], [1, 255, 2]]


def example(truth, prediction, source="voc"):
    return {
        tfma.LABELS_KEY: np.array([encode_png(truth)], object),
        tfma.PREDICTIONS_KEY: prediction if isinstance(prediction, dict) else np.array(encode_png(prediction), object),
        tfma.FEATURES_KEY: {"source": np.array([source.encode()], object)},
    }


_results = {}  # Beam pickles a closure with all it holds, so what it collects has to be global


def _keep(sliced_metrics):
    slice_key, metrics = sliced_metrics
    _results[slice_key] = {
        (key.model_name, key.name, key.sub_key and key.sub_key.class_id): value
        for key, value in metrics.items()
        if not key.is_diff
    }


def evaluate(examples, configs, model_specs=(), slicing_specs=()):
    """{slice key: {(model, name, class id): value}}"""
    eval_config = tfma.EvalConfig(
        model_specs=model_specs or [tfma.ModelSpec()],
        slicing_specs=[tfma.SlicingSpec(), *slicing_specs],
        metrics_specs=[
            tfma.MetricsSpec(
                metrics=[
                    tfma.MetricConfig(
                        class_name="MeanIoU",
                        module="components.segmentation_metrics.mean_iou",
                        config=json.dumps(config),
                    )
                    for config in configs
                ],
                model_names=[spec.name for spec in model_specs],
            )
        ],
    )
    _results.clear()
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        evaluation = (
            pipeline
            | beam.Create(examples)
            | tfma.ExtractAndEvaluate(
                extractors=[tfma.extractors.SliceKeyExtractor(eval_config=eval_config)],
                evaluators=tfma.default_evaluators(eval_config=eval_config),
            )
        )
        _ = evaluation["metrics"] | beam.Map(_keep)
    return dict(_results)


@pytest.mark.parametrize(
    ("examples", "config", "expected"),
    [
        pytest.param(
            [(TRUTH, PREDICTION)],
            {"num_classes": 3},
            {"mean_iou": 7 / 18, "mean_iou_classes": 3, "pixel_accuracy": 3 / 5, 0: 1 / 2, 1: 2 / 3, 2: 0},
            id="one image",
        ),
        pytest.param(
            [(TRUTH, PREDICTION), ([[2]], [[2]])],
            {"num_classes": 3, "class_names": ["sky", "road", "car"]},
            {"mean_iou": 5 / 9, "mean_iou_classes": 3, "pixel_accuracy": 2 / 3, 0: 1 / 2, 1: 2 / 3, 2: 1 / 2},
            id="pixels are pooled over images of any size",
        ),
        pytest.param(
            [(TRUTH, PREDICTION)],
            {"num_classes": 4},
            {"mean_iou": 7 / 18, "mean_iou_classes": 3, "pixel_accuracy": 3 / 5, 0: 1 / 2, 1: 2 / 3, 2: 0, 3: NAN},
            id="an absent class is undefined and not averaged in",
        ),
        pytest.param(
            [([[0, 1]], [[0, 1]])],
            {"num_classes": 2, "void": 0, "name": "miou"},
            {"miou": 1, "miou_classes": 1, "pixel_accuracy": 1, 0: NAN, 1: 1},
            id="void and name as configured",
        ),
        pytest.param(
            [([[255, 255]], [[0, 1]])],
            {"num_classes": 2},
            {"mean_iou": NAN, "mean_iou_classes": 0, "pixel_accuracy": NAN, 0: NAN, 1: NAN},
            id="no labelled pixel",
        ),
    ],
)
def test_values(examples, config, expected):
    (metrics,) = evaluate([example(*masks) for masks in examples], [config]).values()
    got = {name if class_id is None else class_id: value for (_, name, class_id), value in metrics.items()}
    assert got == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("num_classes", [2, 151])
def test_slices_equal_the_count_by_hand(num_classes):
    random = np.random.default_rng(num_classes)
    ids = [*range(num_classes), 255]
    pairs = [(random.choice(ids, (7, 5)), random.choice(ids, (7, 5)), "ab"[i % 2]) for i in range(6)]
    results = evaluate(
        [example(*pair) for pair in pairs],
        [{"num_classes": num_classes}],
        slicing_specs=[tfma.SlicingSpec(feature_keys=["source"])],
    )
    assert set(results) == {(), (("source", "a"),), (("source", "b"),)}
    for slice_key, metrics in results.items():
        wanted = [dict(slice_key).get("source", source) == source for *_, source in pairs]
        matrix = sum(
            np.array(count_by_hand(truth, prediction, num_classes))
            for (truth, prediction, _), is_in in zip(pairs, wanted, strict=True)
            if is_in
        )
        ious = [metrics["", "iou", class_id] for class_id in range(num_classes)]
        np.testing.assert_array_equal(ious, scores.iou(matrix))
        assert metrics["", "mean_iou", None] == pytest.approx(np.nanmean(ious))


def test_each_model_is_scored_by_its_own_predictions():
    specs = [tfma.ModelSpec(name="candidate"), tfma.ModelSpec(name="baseline", is_baseline=True)]
    predictions = {
        name: {"mask_png": np.array(encode_png(mask), object), "other": np.zeros(1)}
        for name, mask in {"candidate": [[0, 1]], "baseline": [[0, 0]]}.items()
    }
    for spec in specs:
        spec.prediction_key = "mask_png"
    (metrics,) = evaluate([example([[0, 1]], predictions)], [{"num_classes": 2}], specs).values()
    assert metrics["candidate", "mean_iou", None] == 1
    assert metrics["baseline", "mean_iou", None] == 1 / 4


def test_metrics_of_one_config_share_one_matrix():
    first, *derived = MeanIoU(3).computations()
    assert first == MeanIoU(3, name="again").computations()[0]
    assert first != MeanIoU(4).computations()[0]
    assert len(derived) == 1


def test_survives_its_own_config():
    metric = MeanIoU(2, class_names=["sky", "road"], void=0, name="miou")
    again = MeanIoU.from_config(json.loads(json.dumps(metric.get_config())))
    assert again.get_config() == metric.get_config()
    assert again.name == "miou"


def test_example_weights_are_refused():
    with pytest.raises(ValueError, match="does not support example weights"):
        MeanIoU(2).computations(example_weighted=True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_classes": 0}, "got 0"),
        ({"num_classes": 256}, "got 256"),
        ({"num_classes": 3, "class_names": ["sky"]}, "num_classes is 3, but there are 1 class_names"),
    ],
)
def test_constructor_quotes_what_is_wrong(arguments, message):
    with pytest.raises(ValueError, match=message):
        MeanIoU(**arguments)
