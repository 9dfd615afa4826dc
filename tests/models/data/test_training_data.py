"""The stream of training batches: reproducible, resumable, each epoch a permutation."""

from collections import Counter

import numpy as np
import pytest
import tensorflow as tf

from models.data.is_held_out import is_held_out
from models.data.preprocessing import TRAINING_INPUT, TRAINING_LABEL
from models.data.training_data import training_data
from schema.record import AUGMENT_SEED, CLASSES_PRESENT, FILENAME, IMAGE, MASK
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


class PassThrough:
    """The records' order alone, told by the files' own bytes through a graph that passes them on."""

    @staticmethod
    def transform_features_layer():
        return lambda raw: {TRAINING_INPUT: raw[IMAGE], TRAINING_LABEL: raw[AUGMENT_SEED].values}


def test_an_epoch_is_a_permutation_of_the_records(records_file):
    epochs = _batches(PassThrough, records_file, 4, batch_size=len(SIZES), shuffle_buffer=2)
    everything = sorted(epochs[0][0].tolist())
    assert len(set(everything)) == len(SIZES)
    assert all(sorted(images.tolist()) == everything for images, _ in epochs)
    assert len({tuple(images.tolist()) for images, _ in epochs}) > 1
    seeds = [seed for _, batch in epochs for seed in batch.tolist()]
    assert seeds == list(range(seeds[0], seeds[0] + len(seeds)))


# Each record's classes, and how often an epoch has it where class 1 is wanted 3 times and class 2 twice.
TIMES = {(): 1, (0,): 1, (1,): 3, (2,): 2, (0, 2): 2, (0, 1, 2): 3, (3,): 1, (2, 3): 2}
OVERSAMPLE = [1, 3, 2, 1]
EPOCH = 15  # the sum


@pytest.fixture(scope="module")
def classes_file(tmp_path_factory) -> str:
    """Records whose image is the list of their classes, as text."""
    path = str(tmp_path_factory.mktemp("classes") / "records.gz")
    with tf.io.TFRecordWriter(path, "GZIP") as writer:
        for classes in TIMES:
            example = tf.train.Example()
            for key, value in ((IMAGE, str(classes).encode()), (MASK, b"a mask"), (FILENAME, str(classes).encode())):
                example.features.feature[key].bytes_list.value.append(value)
            example.features.feature[CLASSES_PRESENT].int64_list.value.extend(classes)
            writer.write(example.SerializeToString())
    return path


@pytest.mark.parametrize("shuffle_buffer", [1, 4, 1000])
def test_oversampled_an_epoch_has_every_record_as_often_as_its_greatest_factor(classes_file, shuffle_buffer):
    epochs = _batches(
        PassThrough, classes_file, 3, batch_size=EPOCH, shuffle_buffer=shuffle_buffer, oversample=OVERSAMPLE
    )
    for images, _ in epochs:
        assert Counter(images.tolist()) == {str(classes).encode(): times for classes, times in TIMES.items()}
    seeds = [seed for _, batch in epochs for seed in batch.tolist()]
    assert seeds == list(range(seeds[0], seeds[0] + 3 * EPOCH))  # copies have seeds of their own


def test_copies_are_shuffled(classes_file):
    (images, _), (others, _) = _batches(PassThrough, classes_file, 2, batch_size=EPOCH, oversample=OVERSAMPLE)
    unshuffled = [str(classes).encode() for classes, times in TIMES.items() for _ in range(times)]
    assert len({tuple(order) for order in (images.tolist(), others.tolist(), unshuffled)}) == 3
    (images, _), _ = _batches(PassThrough, classes_file, 2, batch_size=EPOCH, oversample=OVERSAMPLE, shuffle_buffer=1)
    assert images.tolist() == unshuffled


@pytest.mark.parametrize("first_step", [1, 4, 9])  # in the first epoch and behind it
def test_oversampled_a_later_start_gives_what_was_left(classes_file, first_step):
    options = {"oversample": OVERSAMPLE, "batch_size": 2, "shuffle_buffer": 4}
    whole = _batches(PassThrough, classes_file, 20, **options)
    rest = _batches(PassThrough, classes_file, 20 - first_step, first_step=first_step, **options)
    _assert_equal(rest, whole[first_step:])


def test_copies_are_augmented_each_in_its_own_way(transform, records_file):
    """Class 0 is in all five records, see `tiny`: an epoch has 20."""
    batches = _batches(transform, records_file, 5, batch_size=4, oversample=[4, 1, 1, 1])
    assert len({image.tobytes() for images, _ in batches for image in images}) == 20
    rest = _batches(transform, records_file, 2, batch_size=4, oversample=[4, 1, 1, 1], first_step=3)
    _assert_equal(rest, batches[3:])


def test_factors_of_one_change_nothing(classes_file):
    plain = _batches(PassThrough, classes_file, 8)
    _assert_equal(_batches(PassThrough, classes_file, 8, oversample=[1] * 4), plain)


def test_held_out_records_are_in_no_epoch_and_the_rest_as_often_as_before(classes_file):
    records = tf.data.TFRecordDataset(classes_file, compression_type="GZIP")
    kept = {
        str(classes).encode(): times
        for (classes, times), record in zip(TIMES.items(), records, strict=True)
        if not is_held_out(record, 0.4)
    }
    assert 0 < len(kept) < len(TIMES)
    epoch = sum(kept.values())
    options = {"held_out": 0.4, "oversample": OVERSAMPLE, "shuffle_buffer": 4}
    for images, _ in _batches(PassThrough, classes_file, 3, batch_size=epoch, **options):
        assert Counter(images.tolist()) == kept
    whole = _batches(PassThrough, classes_file, 20, **options)
    _assert_equal(_batches(PassThrough, classes_file, 11, first_step=9, **options), whole[9:])
