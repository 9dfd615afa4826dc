"""TFMA's confidence intervals around our metrics, and what they need."""

import functools

import numpy as np
import pytest
from scipy import stats
from tensorflow_model_analysis.proto.config_pb2 import ConfidenceIntervalOptions

from schema import scores
from tests.components.segmentation_metrics.evaluation import entries, evaluate, example
from tests.components.segmentation_metrics.masks import count_by_hand

pytestmark = pytest.mark.slow

SEED = 7
BUCKETS = 20  # of TFMA's jackknife, to which it draws images; and the number of its bootstrap samples


@functools.cache
def pairs(images):
    random = np.random.default_rng(images)
    drawn = []
    for i in range(images):
        truth, prediction = random.integers(0, 3, (2, 6, 6))
        prediction[: i % 6] = truth[: i % 6]
        drawn.append((truth, prediction))
    return drawn


def overall(directory, images, method):
    """{(name, class id): (value, lower, upper)}, without bounds where TFMA gives none."""
    examples = [example(*pair) for pair in pairs(images)]
    (results,) = entries(evaluate(directory, examples, [{"num_classes": 4}], intervals=method, seed=SEED)).values()
    numbers = {}
    for (_, name, class_id), entry in results.items():
        numbers[name, class_id] = (entry.value.double_value.value,)
        if entry.HasField("confidence_interval"):
            bounds = entry.confidence_interval.lower_bound, entry.confidence_interval.upper_bound
            numbers[name, class_id] += tuple(bound.double_value.value for bound in bounds)
    return numbers


@pytest.mark.parametrize("images", [8, 40])
def test_jackknife_equals_one_by_hand(tmp_path, images):
    got = overall(tmp_path, images, ConfidenceIntervalOptions.JACKKNIFE)

    matrices = np.array([count_by_hand(*pair, 4) for pair in pairs(images)])
    bucket = np.random.RandomState(SEED).randint(BUCKETS, size=images)
    samples = [matrices[bucket != left_out].sum(axis=0) for left_out in range(BUCKETS)]
    per_class = {
        (name, k): lambda matrix, name=name, k=k: getattr(scores, name)(matrix)[k]
        for name in ("iou", "precision", "recall", "dice")
        for k in range(3)
    }
    names = ("mean_iou", "foreground_mean_iou", "pixel_accuracy", "mean_accuracy", "fw_iou")
    for key, score in {**{(name, None): getattr(scores, name) for name in names}, **per_class}.items():
        value = score(matrices.sum(axis=0))
        left_out = np.array([score(sample) for sample in samples])
        error = (BUCKETS * value - (BUCKETS - 1) * left_out).std(ddof=1) / BUCKETS**0.5
        reach = stats.t.ppf(0.975, BUCKETS - 1) * error
        assert got[key] == pytest.approx((value, left_out.mean() - reach, left_out.mean() + reach)), key

    assert np.isnan(got["iou", 3]).tolist() == [True] * 3  # in no image
    low, high = got["image_mean_iou_mean", None][1:]
    assert low < got["image_mean_iou_mean", None][0] < high


def test_bootstrap_is_about_as_wide_as_the_spread_of_the_images(tmp_path):
    got = overall(tmp_path, 40, ConfidenceIntervalOptions.POISSON_BOOTSTRAP)
    matrices = np.array([count_by_hand(*pair, 4) for pair in pairs(40)])
    random = np.random.default_rng(0)
    resampled = [scores.mean_iou(matrices[random.integers(40, size=40)].sum(axis=0)) for _ in range(2000)]
    value, low, high = got["mean_iou", None]
    assert value == scores.mean_iou(matrices.sum(axis=0))
    assert low < value < high
    # 20 samples tell a standard error to a third, at two standard deviations.
    assert (high - low) / 2 / stats.t.ppf(0.975, 19) == pytest.approx(np.std(resampled), rel=0.4)
    assert np.isnan(got["iou", 3]).tolist() == [True] * 3


def test_one_image_has_no_jackknife(tmp_path):
    got = overall(tmp_path, 1, ConfidenceIntervalOptions.JACKKNIFE)
    assert len(got["mean_iou", None]) == 1
    assert ("__ERROR__", None) in got
