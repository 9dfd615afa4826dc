"""TFRecord files of images."""

from pathlib import Path

import tensorflow as tf

from pipeline.prediction.find_images import RecordFile


def record(*images: bytes, name: bytes | None = None) -> bytes:
    """A serialized tf.Example of any number of images, and a name."""
    features = {"image/encoded": images, "image/filename": [] if name is None else [name]}
    return tf.train.Example(
        features=tf.train.Features(
            feature={
                key: tf.train.Feature(bytes_list=tf.train.BytesList(value=values)) for key, values in features.items()
            }
        )
    ).SerializeToString()


def write_records(path: Path, records: list[bytes], compression: str = "") -> RecordFile:
    with tf.io.TFRecordWriter(str(path), compression) as writer:
        for serialized in records:
            writer.write(serialized)
    return RecordFile(path)
