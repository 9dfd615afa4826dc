import functools

import numpy as np
import pytest
import tensorflow_model_analysis as tfma
from hypothesis import given, settings
from hypothesis import strategies as st

from components.segmentation_metrics.confusion_matrix_computation import confusion_matrix_computation
from schema import record, scores
from tests.components.segmentation_metrics.masks import count_by_hand, encode_png, mask_pairs

CLASSES = 3


def extracts(truth, prediction, filename=None):
    features = {} if filename is None else {record.FILENAME: np.array([filename], object)}
    return {
        tfma.LABELS_KEY: np.array([encode_png(truth)], object),
        tfma.PREDICTIONS_KEY: np.array(encode_png(prediction), object),
        tfma.FEATURES_KEY: features,
    }


@settings(deadline=None)
@given(st.lists(mask_pairs(CLASSES, max_side=5), max_size=8), st.randoms(use_true_random=False))
def test_any_split_and_order_gives_the_count_by_hand(pairs, random):
    computation = confusion_matrix_computation(CLASSES)
    combiner = computation.combiner
    shards = [combiner.create_accumulator() for _ in range(random.randint(1, 4))]  # some of them stay empty
    for truth, prediction in pairs:
        i = random.randrange(len(shards))
        matrix = np.array(count_by_hand(truth, prediction, CLASSES))
        shards[i] = combiner.add_input(shards[i], matrix)
        if random.random() < 0.5:
            shards[i] = combiner.compact(shards[i])
    while len(shards) > 1:
        random.shuffle(shards)
        cut = random.randint(1, len(shards))
        shards = [combiner.merge_accumulators(shards[:cut]), *shards[cut:]]
        if cut == 1:
            shards = [combiner.merge_accumulators(shards)]
    matrix, image_ious = combiner.extract_output(shards[0]).values()
    expected = functools.reduce(np.add, [count_by_hand(*pair, CLASSES) for pair in pairs], np.zeros((3, 4), int))
    assert matrix.tolist() == expected.tolist()
    of_images = [scores.mean_iou(np.array(count_by_hand(*pair, CLASSES))) for pair in pairs]
    np.testing.assert_array_equal(np.sort(image_ious), np.sort(of_images))


def test_an_example_becomes_its_matrix():
    truth, prediction = np.array([[0, 1, 255]]), np.array([[0, 2, 1]])
    (preprocessor,) = confusion_matrix_computation(CLASSES).preprocessors
    (matrix,) = preprocessor.process(extracts(truth, prediction))
    assert matrix.tolist() == count_by_hand(truth, prediction, CLASSES)


def test_merging_leaves_the_shards_alone():
    combiner = confusion_matrix_computation(CLASSES).combiner
    shards = [combiner.add_input(combiner.create_accumulator(), np.ones((3, 4), np.int64)) for _ in range(2)]
    matrix, image_ious = combiner.extract_output(combiner.merge_accumulators(shards)).values()
    assert matrix.tolist() == [[2] * 4] * 3
    assert len(image_ious) == 2
    for shard in shards:
        matrix, image_ious = combiner.extract_output(shard).values()
        assert matrix.tolist() == [[1] * 4] * 3
        assert len(image_ious) == 1


def test_no_shard_shares_its_counts_with_an_element_or_another_shard():
    combiner = confusion_matrix_computation(CLASSES).combiner
    element = np.ones((3, 4), np.int64)
    first = combiner.add_input(combiner.create_accumulator(), element)
    combiner.add_input(first, element)
    assert element.tolist() == [[1] * 4] * 3
    matrix, image_ious = combiner.extract_output(combiner.create_accumulator()).values()
    assert not matrix.any()
    assert image_ious == ()


def test_equal_computations_are_one_and_others_are_not():
    assert confusion_matrix_computation(3) == confusion_matrix_computation(3)
    others = [
        confusion_matrix_computation(4),
        confusion_matrix_computation(3, void=0),
        confusion_matrix_computation(3, model_name="baseline"),
        confusion_matrix_computation(3, output_name="head"),
    ]
    assert confusion_matrix_computation(3) not in others


@pytest.mark.parametrize(
    ("filename", "named"), [(b"2007_000032.jpg", "2007_000032.jpg"), (None, "without a file name")]
)
def test_an_error_names_the_image(filename, named):
    (preprocessor,) = confusion_matrix_computation(CLASSES).preprocessors
    with pytest.raises(ValueError, match=f"image {named}: the truth has id 7"):
        list(preprocessor.process(extracts([[7]], [[0]], filename)))
