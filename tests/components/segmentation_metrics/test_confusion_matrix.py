import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.segmentation_metrics.confusion_matrix import confusion_matrix
from tests.components.segmentation_metrics.masks import VOID, count_by_hand, mask_pairs


@pytest.mark.parametrize("num_classes", [1, 2, 21, 151, 255])
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_equals_the_count_by_hand(num_classes, data):
    truth, prediction = data.draw(mask_pairs(num_classes))
    matrix = confusion_matrix(truth, prediction, num_classes)
    assert matrix.dtype == np.int64
    assert matrix.tolist() == count_by_hand(truth, prediction, num_classes)


@settings(deadline=None)
@given(mask_pairs(num_classes=5), st.sampled_from([np.int8, np.int16, np.uint16, np.int32, np.int64, np.uint64]))
def test_any_integer_dtype_counts_the_same(masks, dtype):
    truth, prediction = (np.minimum(mask, 100) for mask in masks)  # 100 is void here: it fits an int8
    expected = count_by_hand(truth, prediction, 5, void=100)
    assert confusion_matrix(truth.astype(dtype), prediction.astype(dtype), 5, void=100).tolist() == expected


@settings(deadline=None, max_examples=30)
@given(mask_pairs(num_classes=5), st.sampled_from([255, 1]), st.sampled_from([np.uint8, np.int64]))
def test_long_runs_count_as_their_pixels(masks, void, dtype):
    truth, prediction = (np.kron(np.minimum(mask, 5), np.ones((2, 13), np.uint8)).astype(dtype) for mask in masks)
    truth[truth == 5] = void
    assert confusion_matrix(truth, prediction, 5, void).tolist() == count_by_hand(truth, prediction, 5, void)


def test_by_hand():
    truth = np.array([[0, 0, 1], [1, 2, VOID]], np.uint8)
    prediction = np.array([[0, 1, 1], [1, VOID, 2]], np.uint8)
    expected = [[1, 1, 0, 0], [0, 2, 0, 0], [0, 0, 0, 1]]
    assert confusion_matrix(truth, prediction, num_classes=3).tolist() == expected


@pytest.mark.parametrize("nothing", [-1, 3, 254, VOID, 256, 259, 70_000])
def test_a_prediction_that_is_no_class_is_a_miss(nothing):
    truth, prediction = np.array([[1, 1]]), np.array([[1, nothing]])
    assert confusion_matrix(truth, prediction, num_classes=3)[1].tolist() == [0, 1, 0, 1]


def test_void_may_lie_among_the_classes():
    truth, prediction = np.array([[0, 1, 2]], np.uint8), np.array([[0, 0, 0]], np.uint8)
    assert confusion_matrix(truth, prediction, num_classes=3, void=0).tolist() == [[0] * 4, [0, 0, 0, 1], [0, 0, 0, 1]]


def test_no_pixels_count_nothing():
    empty = np.zeros((0, 5), np.uint8)
    assert confusion_matrix(empty, empty, num_classes=2).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_leaves_its_inputs_alone_and_takes_views():
    truth, prediction = (np.arange(24, dtype=np.uint8).reshape(4, 6).T[::2] % 3 for _ in range(2))
    truth.flags.writeable = prediction.flags.writeable = False
    assert confusion_matrix(truth, prediction, 3).trace() == truth.size


@pytest.mark.parametrize("width", [1, 50], ids=["short runs", "long runs"])
@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
@pytest.mark.parametrize("foreign", [3, 254])
def test_names_an_id_outside_the_label_map(foreign, dtype, width):
    truth = np.repeat(np.array([[0, foreign]], dtype), width)
    with pytest.raises(ValueError, match=rf"id {foreign}; the label map has 0\.\.2 and void 255"):
        confusion_matrix(truth, np.zeros_like(truth), num_classes=3)


@pytest.mark.parametrize("foreign", [-1, 256, 511])
def test_names_an_id_that_is_no_byte(foreign):
    truth = np.array([[0, foreign]])
    with pytest.raises(ValueError, match=f"id {foreign};"):
        confusion_matrix(truth, np.zeros_like(truth), num_classes=3)


def test_quotes_both_shapes_where_they_differ():
    with pytest.raises(ValueError, match=r"\[375, 500\].*\[500, 375\]"):
        confusion_matrix(np.zeros((375, 500), np.uint8), np.zeros((500, 375), np.uint8), num_classes=2)


@pytest.mark.parametrize(("num_classes", "void"), [(0, 255), (256, 255), (2, -1), (2, 256)])
def test_refuses_what_is_no_byte(num_classes, void):
    mask = np.zeros((1, 1), np.uint8)
    with pytest.raises(ValueError, match="must be"):
        confusion_matrix(mask, mask, num_classes, void)
