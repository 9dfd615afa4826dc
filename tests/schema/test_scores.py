import math

import numpy as np
import pytest

from schema import scores

# Class 0: 3 hits, one pixel lost to class 1. Class 1: 2 hits, one predicted as nothing. Class 2: nowhere.
MATRIX = np.array([[3, 1, 0, 0], [0, 2, 0, 1], [0, 0, 0, 0]])


def test_by_hand():
    np.testing.assert_array_equal(scores.iou(MATRIX), [3 / 4, 2 / 4, np.nan])
    assert scores.mean_iou(MATRIX) == pytest.approx((3 / 4 + 2 / 4) / 2)
    assert scores.counted_classes(MATRIX) == 2
    assert scores.pixel_accuracy(MATRIX) == pytest.approx(5 / 7)
    np.testing.assert_array_equal(scores.recall(MATRIX), [3 / 4, 2 / 3, np.nan])
    np.testing.assert_array_equal(scores.precision(MATRIX), [3 / 3, 2 / 3, np.nan])
    np.testing.assert_array_equal(scores.dice(MATRIX), [6 / 7, 4 / 6, np.nan])
    assert scores.mean_accuracy(MATRIX) == pytest.approx((3 / 4 + 2 / 3) / 2)
    assert scores.fw_iou(MATRIX) == pytest.approx((4 * 3 / 4 + 3 * 2 / 4) / 7)


@pytest.mark.parametrize(
    ("background", "expected"), [(0, 2 / 4), (1, 3 / 4), (2, (3 / 4 + 2 / 4) / 2), (None, (3 / 4 + 2 / 4) / 2)]
)
def test_foreground_is_all_but_the_background(background, expected):
    assert scores.foreground_mean_iou(MATRIX, background) == pytest.approx(expected)


def test_all_background_has_no_foreground_to_score():
    assert math.isnan(scores.foreground_mean_iou(np.array([[5, 1, 0], [0, 0, 0]])))


def test_precision_blames_a_class_that_is_only_predicted_and_no_mean_does():
    matrix = np.array([[1, 1, 0], [0, 0, 0]])
    np.testing.assert_array_equal(scores.precision(matrix), [1, 0])
    for score in (scores.iou, scores.recall, scores.dice):
        assert np.isnan(score(matrix)[1])
    assert scores.mean_accuracy(matrix) == scores.fw_iou(matrix) == 1 / 2


def test_a_square_matrix_will_do():
    square = np.array([[3, 1], [0, 2]])
    np.testing.assert_array_equal(scores.iou(square), [3 / 4, 2 / 3])
    assert scores.pixel_accuracy(square) == pytest.approx(5 / 6)


def test_a_class_that_is_only_predicted_is_undefined_and_costs_the_class_it_was_taken_for():
    matrix = np.array([[1, 1, 0], [0, 0, 0]])
    np.testing.assert_array_equal(scores.iou(matrix), [1 / 2, np.nan])
    assert scores.mean_iou(matrix) == 1 / 2
    assert scores.counted_classes(matrix) == 1


def test_a_class_whose_pixels_are_all_predicted_void_counts_as_zero():
    matrix = np.array([[5, 0, 0], [0, 0, 5]])
    np.testing.assert_array_equal(scores.iou(matrix), [1, 0])
    assert scores.pixel_accuracy(matrix) == 1 / 2


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("num_classes", [1, 2, 151])
def test_no_pixels_are_undefined_without_a_warning(num_classes):
    nothing = np.zeros((num_classes, num_classes + 1), np.int64)
    for score in (scores.iou, scores.precision, scores.recall, scores.dice):
        assert np.isnan(score(nothing)).tolist() == [True] * num_classes
    overall = (scores.mean_iou, scores.foreground_mean_iou, scores.mean_accuracy, scores.fw_iou, scores.pixel_accuracy)
    assert [math.isnan(score(nothing)) for score in overall] == [True] * 5
    assert scores.counted_classes(nothing) == 0


def test_a_pixel_taken_for_a_class_that_the_truth_lacks_is_a_miss():
    counts = np.array([[6, 1, 1], [2, 4, 0], [0, 0, 0]])
    # 6 of 8 + 8 - 6, 4 of 6 + 5 - 4; the pixel taken for class 2 is a miss of class 0.
    np.testing.assert_allclose(scores.iou(counts), [6 / 10, 4 / 7, np.nan])
    assert scores.mean_iou(counts) == pytest.approx((6 / 10 + 4 / 7) / 2)


def test_of_nothing_in_a_square_there_is_no_mean():
    counts = np.zeros((2, 2), np.int64)
    assert np.isnan(scores.mean_iou(counts)) and np.isnan(scores.iou(counts)).all()
