"""The stream of training batches: reproducible, resumable, each epoch a permutation."""

import numpy as np
import pytest

from models.training_data import training_data
from tests.models.tiny import SIZES


def _batches(transform, records_file, count, **changes) -> list[tuple[np.ndarray, np.ndarray]]:
    options = {"batch_size": 2, "seed": 3, "shuffle_buffer": 10, "first_step": 0, **changes}
    return list(training_data([records_file], transform, **options).take(count).as_numpy_iterator())


def _assert_equal(left, right):
    assert len(left) == len(right)
    for (image, label), (other_image, other_label) in zip(left, right, strict=True):
        np.testing.assert_array_equal(image, other_image)
        np.testing.assert_array_equal(label, other_label)


def test_the_same_seed_gives_the_same_batches(transform, records_file):
    _assert_equal(_batches(transform, records_file, 6), _batches(transform, records_file, 6))


@pytest.mark.parametrize("first_step", [1, 4])
def test_a_later_start_gives_what_was_left(transform, records_file, first_step):
    whole = _batches(transform, records_file, 7)
    _assert_equal(_batches(transform, records_file, 7 - first_step, first_step=first_step), whole[first_step:])


def test_another_seed_gives_another_order_and_other_augmentations(transform, records_file):
    one, other = _batches(transform, records_file, 5), _batches(transform, records_file, 5, seed=4)
    pictures = [{image.tobytes() for images, _ in batches for image in images} for batches in (one, other)]
    assert not pictures[0] & pictures[1]


def test_every_epoch_augments_anew(transform, records_file):
    batches = _batches(transform, records_file, 10, batch_size=5)
    pictures = {image.tobytes() for images, _ in batches for image in images}
    assert len(pictures) == 10 * 5


def test_an_epoch_is_a_permutation_of_the_records(transform, records_file):
    # The records' order alone, told by the files' own bytes through a graph that passes them on.
    class PassThrough:
        @staticmethod
        def transform_features_layer():
            from models.preprocessing import LABEL, MODEL_INPUT
            from schema.record import AUGMENT_SEED, IMAGE

            return lambda raw: {MODEL_INPUT: raw[IMAGE], LABEL: raw[AUGMENT_SEED].values}

    epochs = _batches(PassThrough, records_file, 4, batch_size=len(SIZES), shuffle_buffer=2)
    everything = sorted(epochs[0][0].tolist())
    assert len(set(everything)) == len(SIZES)
    assert all(sorted(images.tolist()) == everything for images, _ in epochs)
    assert len({tuple(images.tolist()) for images, _ in epochs}) > 1
    seeds = [seed for _, batch in epochs for seed in batch.tolist()]
    assert seeds == list(range(seeds[0], seeds[0] + len(seeds)))
