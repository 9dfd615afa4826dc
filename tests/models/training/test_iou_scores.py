"""Scores from pixel counts."""

import numpy as np
import pytest

from components.segmentation_metrics import scores
from models.training.iou_scores import iou_scores


def test_by_hand_with_a_class_that_the_truth_lacks():
    counts = np.array([[6, 1, 1], [2, 4, 0], [0, 0, 0]])
    mean, classes = iou_scores(counts)
    # 6 of 8 + 8 - 6, 4 of 6 + 5 - 4; the pixel taken for class 2 is a miss of class 0.
    np.testing.assert_allclose(classes, [6 / 10, 4 / 7, np.nan])
    assert mean == pytest.approx((6 / 10 + 4 / 7) / 2)


def test_they_are_the_evaluators():
    counts = np.random.default_rng(0).integers(0, 50, (7, 7))
    counts[3] = 0
    mean, classes = iou_scores(counts)
    np.testing.assert_array_equal(classes, scores.iou(counts))
    assert mean == scores.mean_iou(counts)


def test_of_nothing_there_is_no_mean():
    mean, classes = iou_scores(np.zeros((2, 2), np.int64))
    assert np.isnan(mean) and np.isnan(classes).all()
