"""Records as evaluation sees them, all or those held out."""

import numpy as np
import tensorflow as tf

from models.data.is_held_out import is_held_out
from models.data.preprocessing import IMAGE_SIZE, LABEL, MODEL_INPUT
from models.data.training_data import training_data
from models.data.unaugmented_data import unaugmented_data
from schema.record import AUGMENT_SEED, FILENAME, IMAGE, MASK
from tests.models.tiny import SIZES, tiny_records


def test_every_record_once_in_order_without_augmentation(transform, records_file):
    examples = list(unaugmented_data([records_file], transform).as_numpy_iterator())
    assert len(examples) == len(SIZES)
    spec = {key: tf.io.FixedLenFeature([], tf.string) for key in (IMAGE, MASK)}
    raw = tf.io.parse_example(tiny_records(), spec)
    # No seeds at all, as for the Evaluator.
    no_seeds = tf.sparse.from_dense(np.zeros((len(SIZES), 0), np.int64))
    features = transform.transform_features_layer()({**raw, AUGMENT_SEED: no_seeds})
    images, labels = zip(*examples, strict=True)
    assert images[0].shape == (1, 32, 48, 3) and labels[0].shape == (1, 32, 48)
    np.testing.assert_array_equal(np.concatenate(images), features[MODEL_INPUT])
    np.testing.assert_array_equal(np.concatenate(labels), features[LABEL])
    assert [tuple(size) for size in features[IMAGE_SIZE].numpy()] == SIZES


class _Names:
    """The records' names, through a graph that passes them on."""

    @staticmethod
    def transform_features_layer():
        return lambda raw: dict.fromkeys((MODEL_INPUT, LABEL, "training_image", "training_label"), raw[IMAGE])


def test_training_and_measuring_share_no_image_and_leave_none_out(tmp_path):
    names = [f"{index}.jpg".encode() for index in range(50)]
    path = str(tmp_path / "names.gz")
    held_out = set()
    with tf.io.TFRecordWriter(path, "GZIP") as writer:
        for name in names:
            example = tf.train.Example()
            for key in (FILENAME, IMAGE, MASK):
                example.features.feature[key].bytes_list.value.append(name)
            writer.write(example.SerializeToString())
            held_out |= {name} if is_held_out(tf.constant(example.SerializeToString()), 0.3) else set()
    measured = [image[0] for image, _ in unaugmented_data([path], _Names, 0.3).as_numpy_iterator()]
    assert sorted(measured) == sorted(held_out) and 5 < len(held_out) < 25
    rest = len(names) - len(held_out)
    epochs = training_data([path], _Names, batch_size=rest, seed=1, shuffle_buffer=7, held_out=0.3).take(3)
    for images, _ in epochs.as_numpy_iterator():
        assert sorted(images.tolist()) == sorted(set(names) - held_out)
