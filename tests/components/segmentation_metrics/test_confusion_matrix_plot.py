import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from components.segmentation_metrics.confusion_matrix_plot import from_plot, to_plot


@given(st.data(), st.integers(1, 6))
def test_every_count_comes_back(data, num_classes):
    counts = st.just(0) | st.integers(0, 2**53)
    matrix = data.draw(hnp.arrays(np.int64, (num_classes, num_classes + 1), elements=counts))
    back = from_plot(to_plot(matrix), num_classes)
    assert back.dtype == np.int64
    assert back.tolist() == matrix.tolist()


def test_is_what_tfma_stores_for_classifiers():
    (matrix,) = to_plot(np.array([[5, 0, 2], [0, 0, 0]])).matrices
    entries = [(e.actual_class_id, e.predicted_class_id, e.num_weighted_examples) for e in matrix.entries]
    assert matrix.threshold == 0
    assert entries == [(0, 0, 5), (0, -1, 2)]


def test_a_plot_of_more_classes_is_refused():
    with pytest.raises(IndexError):
        from_plot(to_plot(np.eye(3, 4, dtype=np.int64)), num_classes=2)
