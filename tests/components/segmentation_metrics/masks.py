"""Masks for the tests, and the slow, obvious way to compare two of them."""

import io

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

VOID = 255


def encode_png(ids) -> bytes:
    encoded = io.BytesIO()
    Image.fromarray(np.asarray(ids, np.uint8)).save(encoded, "PNG")
    return encoded.getvalue()


def count_by_hand(truth, prediction, num_classes: int, void: int = VOID) -> list[list[int]]:
    """The definition, pixel by pixel; shares nothing with the code under test."""
    matrix = [[0] * (num_classes + 1) for _ in range(num_classes)]
    for true_row, predicted_row in zip(truth.tolist(), prediction.tolist(), strict=True):
        for true_id, predicted_id in zip(true_row, predicted_row, strict=True):
            if true_id == void:
                continue
            is_class = predicted_id in range(num_classes) and predicted_id != void
            matrix[true_id][predicted_id if is_class else num_classes] += 1
    return matrix


@st.composite
def mask_pairs(draw, num_classes: int, max_side: int = 9):
    """(truth, prediction), uint8: some classes and void in the truth, any byte at all in the prediction."""
    shape = draw(hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=max_side))
    truth_ids = [*draw(st.lists(st.integers(0, num_classes - 1), max_size=4)), VOID]
    truth = draw(hnp.arrays(np.uint8, shape, elements=st.sampled_from(truth_ids)))
    prediction = draw(hnp.arrays(np.uint8, shape, elements=st.sampled_from(truth_ids) | st.integers(0, 255)))
    return truth, prediction
