"""Models of known quality for the gate's tests: they copy a share of the true mask from the example itself."""

from __future__ import annotations

from pathlib import Path

import tensorflow as tf

from schema.label_map import FILE_NAME, LabelMap
from schema.record import MASK
from schema.signatures import EXAMPLE_INPUT, EXAMPLE_SIGNATURE, IMAGE_INPUT, IMAGE_SIGNATURE, MASK_OUTPUT


class Oracle(tf.Module):
    """Right in the upper `share` of each image, class 0 below.

    Args:
        share: 0..1.
        label_map_file: becomes an asset.
        blind: a class it takes for class 0 everywhere.
    """

    def __init__(self, share: float, label_map_file: Path, blind: int = 255) -> None:
        super().__init__()
        self.share = tf.Variable(share)
        self.blind = tf.Variable(blind)
        self.label_map = tf.saved_model.Asset(str(label_map_file))

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name=EXAMPLE_INPUT)])
    def from_examples(self, examples):
        masks = tf.io.parse_example(examples, {MASK: tf.io.FixedLenFeature([], tf.string)})[MASK]
        return {MASK_OUTPUT: tf.map_fn(self._predict, masks)}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name=IMAGE_INPUT)])
    def serve(self, image_bytes):
        return {MASK_OUTPUT: image_bytes}

    def _predict(self, encoded):
        mask = tf.io.decode_png(encoded, channels=1)
        height = tf.shape(mask)[0]
        known = tf.cast(tf.range(height), tf.float32) < self.share * tf.cast(height, tf.float32)
        known = known[:, None, None] & (mask < 255) & (tf.cast(mask, tf.int32) != self.blind)
        return tf.io.encode_png(tf.where(known, mask, tf.zeros_like(mask)))


def save_oracle(directory: Path, share: float, label_map: LabelMap, **options) -> Path:
    """Writes the SavedModel; returns its folder."""
    directory.mkdir(parents=True)
    label_map_file = directory / FILE_NAME
    label_map.save(label_map_file)
    oracle = Oracle(share, label_map_file, **options)
    signatures = {EXAMPLE_SIGNATURE: oracle.from_examples, IMAGE_SIGNATURE: oracle.serve}
    tf.saved_model.save(oracle, str(directory / "model"), signatures=signatures)
    return directory / "model"
