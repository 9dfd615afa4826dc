import json
import math

import numpy as np
import pytest
import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.proto import config_pb2

from components.segmentation_metrics import confusion_matrix_plot
from components.segmentation_metrics.mean_iou import MeanIoU
from schema import scores
from tests.components.segmentation_metrics.evaluation import evaluate, example, values
from tests.components.segmentation_metrics.masks import count_by_hand, encode_png

pytestmark = pytest.mark.slow

NAN = math.nan
TRUTH, PREDICTION = [[0, 0, 1], [1, 2, 255]], [[0, 1, 1], [1, 255, 2]]


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
    counting, derived = MeanIoU(**config).computations()
    (preprocessor,) = counting.preprocessors
    elements = [element for masks in examples for element in preprocessor.process(example(*masks))]
    results = derived.result(counting.combiner.apply(elements))
    assert set(results) == set(derived.keys)
    got = {
        key.sub_key.class_id if key.sub_key else key.name: value
        for key, value in results.items()
        if not key.sub_key or key.name == "iou"
    }
    assert {name: got[name] for name in expected} == pytest.approx(expected, nan_ok=True)


def test_all_results(tmp_path):
    pairs = [(np.array(TRUTH), np.array(PREDICTION)), (np.array([[3, 3]]), np.array([[3, 0]]))]
    examples = [example(*pair) for pair in pairs] + [example([[255]], [[0]])]
    (got,) = values(evaluate(tmp_path, examples, [{"num_classes": 5, "background": 3}])).values()

    matrices = np.array([count_by_hand(*pair, 5) for pair in pairs])
    matrix = matrices.sum(axis=0)
    of_images = [scores.mean_iou(matrix) for matrix in matrices]
    expected = {
        "mean_iou": scores.mean_iou(matrix),
        "mean_iou_classes": 4,
        "foreground_mean_iou": scores.iou(matrix)[:3].mean(),
        "pixel_accuracy": scores.pixel_accuracy(matrix),
        "mean_accuracy": scores.mean_accuracy(matrix),
        "fw_iou": scores.fw_iou(matrix),
        "image_mean_iou_mean": np.mean(of_images),
        "image_mean_iou_std": np.std(of_images),
        "image_mean_iou_min": min(of_images),
        "image_mean_iou_p10": np.quantile(of_images, 0.1),
        "image_mean_iou_p50": np.median(of_images),
        "image_mean_iou_p90": np.quantile(of_images, 0.9),
        "image_mean_iou_max": max(of_images),
    }
    assert {name: value for (_, name, k), value in got.items() if k is None} == pytest.approx(expected)
    per_class = {name for _, name, k in got if k is not None}
    assert per_class == {"iou", "precision", "recall", "dice"}
    for name in per_class:
        np.testing.assert_array_equal([got["", name, k] for k in range(5)], getattr(scores, name)(matrix))


def test_the_plot_holds_every_count(tmp_path):
    pairs = [(np.array(TRUTH), np.array(PREDICTION)), (np.array([[255]]), np.array([[0]]))]
    examples = [example(*pair, source) for pair, source in zip(pairs, "ab", strict=True)]
    by_source = [config_pb2.SlicingSpec(feature_keys=["source"])]
    directory = evaluate(tmp_path, examples, [{"num_classes": 3}], slicing_specs=by_source)
    got = {}
    for in_slice in tfma.load_plots(directory):
        (entry,) = in_slice.plot_keys_and_values
        assert entry.key.name == confusion_matrix_plot.NAME
        source = "".join(key.bytes_value.decode() for key in in_slice.slice_key.single_slice_keys)
        plot = entry.value.multi_class_confusion_matrix_at_thresholds
        got[source] = confusion_matrix_plot.from_plot(plot, 3).tolist()
    counts = count_by_hand(*pairs[0], 3)
    assert got == {"": counts, "a": counts, "b": [[0] * 4] * 3}

    # As TFMA's viewer reads it: without its zeros.
    overall = dict(tfma.load_eval_result(directory).plots)[()][""][""]
    (matrix,) = overall["multiClassConfusionMatrixAtThresholds"]["matrices"]
    assert {"actualClassId": 2, "predictedClassId": -1, "numWeightedExamples": 1.0} in matrix["entries"]


@pytest.mark.parametrize("num_classes", [2, 151])
def test_slices_equal_the_count_by_hand(tmp_path, num_classes):
    random = np.random.default_rng(num_classes)
    ids = [*range(num_classes), 255]
    pairs = [(random.choice(ids, (7, 5)), random.choice(ids, (7, 5)), "ab"[i % 2]) for i in range(6)]
    by_source = [config_pb2.SlicingSpec(feature_keys=["source"])]
    examples = [example(*pair) for pair in pairs]
    results = values(evaluate(tmp_path, examples, [{"num_classes": num_classes}], slicing_specs=by_source))
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


def test_each_model_is_scored_by_its_own_predictions(tmp_path):
    specs = [config_pb2.ModelSpec(name="candidate"), config_pb2.ModelSpec(name="baseline", is_baseline=True)]
    predictions = {
        name: {"mask_png": np.array(encode_png(mask), object), "other": np.zeros(1)}
        for name, mask in {"candidate": [[0, 1]], "baseline": [[0, 0]]}.items()
    }
    for spec in specs:
        spec.prediction_key = "mask_png"
    examples = [example([[0, 1]], predictions)]
    (metrics,) = values(evaluate(tmp_path, examples, [{"num_classes": 2}], model_specs=specs)).values()
    assert metrics["candidate", "mean_iou", None] == 1
    assert metrics["baseline", "mean_iou", None] == 1 / 4


def test_metrics_of_one_config_share_one_matrix():
    first, *derived = MeanIoU(3).computations()
    assert first == MeanIoU(3, name="again").computations()[0]
    assert first != MeanIoU(4).computations()[0]
    assert len(derived) == 1


def test_survives_its_own_config():
    metric = MeanIoU(2, class_names=["sky", "road"], void=0, background=None, name="miou")
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
        ({"num_classes": 3, "background": 3}, r"0\.\.2 or None, got 3"),
        ({"num_classes": 3, "class_names": ["sky"]}, "num_classes is 3, but there are 1 class_names"),
    ],
)
def test_constructor_quotes_what_is_wrong(arguments, message):
    with pytest.raises(ValueError, match=message):
        MeanIoU(**arguments)
