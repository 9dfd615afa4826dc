"""Reads what a conversion wrote, with TensorFlow alone."""

import tensorflow as tf


def records(folder, split):
    """The features of each record of a split, by the record's file name."""
    found = {}
    for path in sorted(folder.glob(f"{split}-*.tfrecord")):
        for raw in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            features = tf.train.Example.FromString(raw).features.feature
            name = text(features["image/filename"])
            assert name not in found
            found[name] = features
    return found


def text(feature):
    return feature.bytes_list.value[0].decode()


def image_of(features):
    return features["image/encoded"].bytes_list.value[0]


def mask_of(features):
    """`[H, W] uint8`."""
    return tf.io.decode_png(features["image/segmentation/class/encoded"].bytes_list.value[0])[..., 0].numpy()
