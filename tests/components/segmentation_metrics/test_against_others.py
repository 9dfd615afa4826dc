"""Real masks, counted by us and by others: the same figures where they mean the same, and where they do not."""

import io

import keras
import numpy as np
import pytest
import tensorflow_model_analysis as tfma
from PIL import Image
from sklearn import metrics as sklearn_metrics

from components.segmentation_metrics.confusion_matrix import confusion_matrix
from schema import scores

pytestmark = pytest.mark.slow

VOID = 255


def _voc(real_data):
    folder = real_data / "voc" / "VOCdevkit" / "VOC2012" / "SegmentationClass"
    return [np.asarray(Image.open(path)) for path in sorted(folder.glob("*.png"))[::3]]


def _camvid(real_data):
    return [np.asarray(Image.open(path)) for path in sorted((real_data / "camvid" / "valannot").glob("*.png"))[::5]]


def _random(num_classes):
    random = np.random.default_rng(num_classes)
    return [random.choice([*range(num_classes), VOID], (40, 50)).astype(np.uint8) for _ in range(4)]


def _predict(masks, void):
    """Predictions with all kinds of mistakes: each mask moved, or the next one's, where it is as large; never void."""
    predictions = []
    for i, mask in enumerate(masks):
        other = masks[(i + 1) % len(masks)]
        prediction = other if i % 3 == 0 and other.shape == mask.shape else np.roll(mask, (9, -14), axis=(0, 1))
        predictions.append(np.where(prediction == void, 0, prediction).astype(np.uint8))
    return predictions


@pytest.fixture(
    params=[
        pytest.param(("voc", 21, 255), marks=pytest.mark.realdata),
        pytest.param(("camvid", 11, 11), marks=pytest.mark.realdata),
        pytest.param(("voc, background void", 21, 0), marks=pytest.mark.realdata),
        ("random", 2, 255),
        ("random", 151, 255),
    ],
    ids=lambda param: f"{param[0]}, C={param[1]}, void={param[2]}",
)
def case(request):
    """(truths, predictions, C, void)"""
    name, num_classes, void = request.param
    if name == "random":
        truths = _random(num_classes)
    else:
        real_data = request.getfixturevalue("real_data")
        truths = _camvid(real_data) if name == "camvid" else _voc(real_data)
    predictions = _predict(truths, VOID if void == 0 else void)
    if void == 0:
        truths = [np.where(mask == VOID, 0, mask) for mask in truths]
    return truths, predictions, num_classes, void


@pytest.fixture
def matrix(case):
    truths, predictions, num_classes, void = case
    return sum(
        confusion_matrix(truth, prediction, num_classes, void)
        for truth, prediction in zip(truths, predictions, strict=True)
    )


@pytest.fixture
def pixels(case):
    """(truth, prediction) of all pixels that are not void, `[N]`"""
    truths, predictions, _, void = case
    truth = np.concatenate([mask.ravel() for mask in truths])
    prediction = np.concatenate([mask.ravel() for mask in predictions])
    return truth[truth != void], prediction[truth != void]


def test_scikit_learn_counts_the_same(case, matrix, pixels):
    _, _, num_classes, void = case
    labels = list(range(num_classes))
    expected = sklearn_metrics.confusion_matrix(*pixels, labels=labels)
    nothing = np.zeros(num_classes, int)
    if void < num_classes:  # a class like any other for scikit-learn, no prediction for us
        nothing = expected[:, void].copy()
        expected[:, void] = 0
    assert matrix[:, :num_classes].tolist() == expected.tolist()
    assert matrix[:, num_classes].tolist() == nothing.tolist()


def test_scikit_learn_scores_the_same(case, matrix, pixels):
    _, _, num_classes, void = case
    labels = [k for k in range(num_classes) if k != void]
    present = np.isin(labels, pixels[0])
    predicted = np.isin(labels, pixels[1])
    ious = sklearn_metrics.jaccard_score(*pixels, labels=labels, average=None, zero_division=0)
    precision, recall, f1, _ = sklearn_metrics.precision_recall_fscore_support(*pixels, labels=labels, zero_division=0)
    for ours, theirs, defined in (
        (scores.iou, ious, present),
        (scores.recall, recall, present),
        (scores.dice, f1, present),
        (scores.precision, precision, predicted),
    ):
        np.testing.assert_allclose(ours(matrix)[labels], np.where(defined, theirs, np.nan), rtol=1e-12)
    weights = np.bincount(pixels[0], minlength=num_classes)[labels]
    assert scores.mean_iou(matrix) == pytest.approx(ious[present].mean())
    assert scores.fw_iou(matrix) == pytest.approx(np.average(ious, weights=weights))
    assert scores.foreground_mean_iou(matrix, 1) == pytest.approx(ious[present & (np.array(labels) != 1)].mean())
    assert scores.pixel_accuracy(matrix) == pytest.approx(sklearn_metrics.accuracy_score(*pixels))
    assert scores.mean_accuracy(matrix) == pytest.approx(recall[present].mean())


def test_tfma_counts_the_same_to_the_pixel(case, matrix):
    truths, predictions, num_classes, void = case
    keys = {"ground_truth_key": "truth", "prediction_key": "mask", "ignore_ground_truth_id": void}
    class_ids = [k for k in range(num_classes) if k != void]
    hits = matrix.diagonal()
    expected = {
        "SemanticSegmentationTruePositive": hits,
        "SemanticSegmentationFalsePositive": matrix[:, :num_classes].sum(axis=0) - hits,
    }
    for name, counts in expected.items():
        metric = getattr(tfma.metrics, name)(class_ids=class_ids, **keys, decode_prediction=True)
        counting, derived = metric.computations()
        (preprocessor,) = counting.preprocessors
        accumulator = counting.combiner.create_accumulator()
        for truth, prediction in zip(truths, predictions, strict=True):
            extracts = {
                tfma.LABELS_KEY: {"truth": _png(truth)},
                tfma.PREDICTIONS_KEY: {"mask": _png(prediction)},
            }
            (element,) = preprocessor.process(extracts)
            accumulator = counting.combiner.add_input(accumulator, element)
        got = derived.result(counting.combiner.extract_output(accumulator))
        assert {key.sub_key.class_id: value for key, value in got.items()} == {k: counts[k] for k in class_ids}, name


def _png(mask):
    encoded = io.BytesIO()
    Image.fromarray(mask).save(encoded, "PNG", compress_level=1)
    return np.array(encoded.getvalue(), object)


def _keras_mean_iou(num_classes, void, truths, predictions):
    metric = keras.metrics.MeanIoU(num_classes, ignore_class=void, dtype="float64")
    for truth, prediction in zip(truths, predictions, strict=True):
        metric.update_state(truth.astype(np.int32), prediction.astype(np.int32))
    return float(metric.result())


def test_keras_agrees_where_every_predicted_class_is_in_the_truth(case):
    truths, predictions, num_classes, void = case
    present = np.setdiff1d(np.concatenate([np.unique(mask) for mask in truths]), [void])
    predictions = [np.where(np.isin(p, present), p, t) for t, p in zip(truths, predictions, strict=True)]
    matrix = sum(confusion_matrix(t, p, num_classes, void) for t, p in zip(truths, predictions, strict=True))
    assert 0 < scores.mean_iou(matrix) < 1
    assert _keras_mean_iou(max(num_classes, void + 1), void, truths, predictions) == pytest.approx(
        scores.mean_iou(matrix)
    )


def test_keras_disagrees_where_a_class_is_only_predicted_and_counts_it_as_zero():
    truth, prediction = np.array([[0, 0, 0, 0]]), np.array([[0, 0, 0, 1]])
    assert scores.mean_iou(confusion_matrix(truth, prediction, 2)) == 3 / 4
    assert _keras_mean_iou(2, VOID, [truth], [prediction]) == pytest.approx(3 / 4 / 2)


def test_keras_disagrees_where_nothing_is_predicted_and_drops_the_pixel():
    truth, prediction = np.array([[0, 0, 1, 1]]), np.array([[0, 0, 1, VOID]])
    assert scores.mean_iou(confusion_matrix(truth, prediction, 2)) == 3 / 4
    # It has no column for no class: with one bin more, the class `VOID` is one that is only predicted.
    assert _keras_mean_iou(VOID + 1, VOID, [truth], [prediction]) != pytest.approx(3 / 4)
