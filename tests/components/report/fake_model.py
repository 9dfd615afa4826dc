"""A SavedModel with the signatures of the real one, that tells the classes apart by brightness."""

import io
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image

from schema.label_map import FILE_NAME, LabelMap

LABEL_MAP = LabelMap(names=("dark", "grey", "bright"), colors=((0, 0, 100), (200, 100, 0), (240, 240, 40)))
GREY, BRIGHT = 100, 200


class FakeModel(tf.Module):
    """Green below 100 is class 0, below 200 class 1, else class 2; a pure red first pixel is a failure of its own."""

    def __init__(self, label_map_file: Path) -> None:
        super().__init__()
        self.label_map = tf.saved_model.Asset(str(label_map_file))
        self.limits = tf.Variable([GREY, BRIGHT])  # lost with the model object, should nothing keep that

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="image_bytes")])
    def serve(self, image_bytes):
        return {"mask_png": tf.map_fn(self._segment, image_bytes, fn_output_signature=tf.TensorSpec([], tf.string))}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="examples")])
    def from_examples(self, examples):
        parsed = tf.io.parse_example(examples, {"image/encoded": tf.io.FixedLenFeature([], tf.string)})
        return self.serve(parsed["image/encoded"])

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="examples")])
    def bulk(self, examples):
        return {"mask_png": self.from_examples(examples)["mask_png"][:, None]}

    def _segment(self, encoded):
        image = tf.cast(tf.io.decode_image(encoded, channels=3, expand_animations=False), tf.int32)
        is_red = tf.reduce_all(image[0, 0] == [255, 0, 0])
        with tf.control_dependencies([tf.debugging.Assert(~is_red, ["no pure red, please"])]):
            ids = tf.reduce_sum(tf.cast(image[..., 1, None] >= self.limits, tf.uint8), axis=-1)
        return tf.io.encode_png(ids[..., None])


def save_fake_model(directory: Path, scratch: Path, label_map: LabelMap = LABEL_MAP) -> Path:
    label_map.save(scratch / FILE_NAME)
    model = FakeModel(scratch / FILE_NAME)
    signatures = {"serving_default": model.serve, "from_examples": model.from_examples, "bulk": model.bulk}
    tf.saved_model.save(model, str(directory), signatures=signatures)
    return directory


def encode(levels, form: str = "PNG") -> bytes:
    """A grey RGB image of the brightnesses `[H, W]`."""
    encoded = io.BytesIO()
    Image.fromarray(np.asarray(levels, np.uint8)).convert("RGB").save(encoded, form)
    return encoded.getvalue()
