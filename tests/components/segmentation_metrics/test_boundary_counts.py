import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from components.segmentation_metrics.boundary_counts import boundary_counts
from tests.components.segmentation_metrics.masks import VOID, mask_pairs


def count_class_by_class(truth, prediction, num_classes, distance, void=VOID):
    """The paper's definition: each class a binary mask, eroded by PIL, with void cut out of both."""
    labelled = truth != void
    counts = np.zeros((3, num_classes), int)
    for class_id in range(num_classes):
        if class_id == void:
            continue
        of_truth, of_prediction = (_contour((ids == class_id) & labelled, distance) for ids in (truth, prediction))
        counts[:, class_id] = of_truth.sum(), of_prediction.sum(), (of_truth & of_prediction).sum()
    return counts


def _contour(mask, distance):
    image = Image.fromarray(np.pad(mask, distance).astype(np.uint8))
    eroded = np.asarray(image.filter(ImageFilter.MinFilter(2 * distance + 1))).astype(bool)
    return mask & ~eroded[distance:-distance, distance:-distance]


def test_by_hand():
    truth = np.zeros((7, 7), np.uint8)
    truth[1:6, 1:6] = 1  # a square of 5 x 5
    prediction = np.zeros((7, 7), np.uint8)
    prediction[1:6, 2:7] = 1  # one to the right
    # Contours of 16 pixels each. Both have three pixels of the top and bottom side inside their corners, and the
    # corners of the one lie on the sides of the other: 8 in all. The background is nowhere thicker than its contour.
    assert boundary_counts(truth, prediction, 2)[:, 1].tolist() == [16, 16, 8]


def test_a_disc_inside_counts_for_less_than_its_contour():
    truth = np.zeros((100, 100), np.uint8)
    truth[20:80, 20:80] = 1
    prediction = np.zeros_like(truth)
    prediction[21:79, 21:79] = 1
    d = round(0.02 * math.hypot(100, 100))
    in_truth, in_prediction, in_both = boundary_counts(truth, prediction, 2)[:, 1]
    assert in_truth == 60**2 - (60 - 2 * d) ** 2
    assert in_prediction == 58**2 - (58 - 2 * d) ** 2
    assert in_both == 58**2 - (60 - 2 * d) ** 2
    assert in_both / (in_truth + in_prediction - in_both) < 0.6 < 0.93 < 58**2 / 60**2  # the IoU of the squares


@settings(deadline=None)
@given(mask_pairs(num_classes=4, max_side=14), st.integers(1, 4), st.integers(1, 3), st.sampled_from([VOID, 1]))
def test_equals_the_count_class_by_class(masks, distance, scale, void):
    truth, prediction = (np.kron(mask, np.ones((scale, scale), np.uint8)) for mask in masks)
    ratio = distance / max(math.hypot(*truth.shape), 1)
    truth[truth == VOID] = void
    expected = count_class_by_class(truth, prediction, 4, distance, void)
    assert boundary_counts(truth, prediction, 4, void, ratio).tolist() == expected.tolist()


@pytest.mark.parametrize(("shape", "distance"), [((375, 500), 12), ((20, 20), 1), ((1, 10), 1)])
def test_the_width_is_a_share_of_the_diagonal(shape, distance):
    ids = np.zeros(shape, np.uint8)
    inside = max(shape[0] - 2 * distance, 0) * max(shape[1] - 2 * distance, 0)
    assert boundary_counts(ids, ids, 1).tolist() == [[ids.size - inside]] * 3


@settings(deadline=None)
@given(mask_pairs(num_classes=4, max_side=14), st.integers(0, 255))
def test_what_is_predicted_on_void_changes_nothing(masks, painted):
    truth, prediction = masks
    other = np.where(truth == VOID, painted, prediction)
    assert boundary_counts(truth, other, 4).tolist() == boundary_counts(truth, prediction, 4).tolist()


@settings(deadline=None)
@given(mask_pairs(num_classes=4, max_side=14), st.sampled_from([np.int16, np.int64, np.uint64]))
def test_truth_as_prediction_is_perfect_in_any_dtype(masks, dtype):
    truth, _ = masks
    in_truth, in_prediction, in_both = boundary_counts(truth.astype(dtype), truth, 4)
    assert in_truth.tolist() == in_prediction.tolist() == in_both.tolist()
    assert [count > 0 for count in in_truth] == [k in truth for k in range(4)]


@pytest.mark.parametrize("shape", [(3, 4), (1, 3), (4,)])
def test_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match="shape"):
        boundary_counts(np.zeros((4, 3), np.uint8), np.zeros(shape, np.uint8), 2)


def test_names_an_id_outside_the_label_map():
    with pytest.raises(ValueError, match="id 7;"):
        boundary_counts(np.full((9, 9), 7), np.zeros((9, 9)), 2)
