"""SavedModels that can be served, but for one planted defect."""

from __future__ import annotations

from pathlib import Path

import keras
import tensorflow as tf

CLASSES = 3


class Planted(tf.Module):
    """Class 0 below a green of 100, 1 below 200, else 2.

    Args:
        defect: none, or one of those that `_segment` and `save_planted` know.
    """

    def __init__(self, defect: str = "none") -> None:
        super().__init__()
        self.defect = defect
        self.limits = tf.Variable([100, 200])
        if defect == "out of the restore op's sight":
            self.limits = keras.Variable([100, 200], dtype="int32")

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="image_bytes")])
    def serve(self, image_bytes):
        masks = tf.map_fn(self._segment, image_bytes, fn_output_signature=tf.TensorSpec([], tf.string))
        if self.defect == "remembers":
            masks = tf.where(tf.size(image_bytes) > 1, tf.reverse(masks, [0]), masks)
        return {"mask_png": masks}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="examples")])
    def from_examples(self, examples):
        images = tf.io.parse_example(examples, {"image/encoded": tf.io.FixedLenFeature([], tf.string)})
        masks = self.serve(images["image/encoded"])
        return {"mask_png": masks["mask_png"][::-1]} if self.defect == "skewed" else masks

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="image_bytes")])
    def rest(self, image_bytes):
        masks = self.serve(image_bytes)["mask_png"]
        return {"mask_png_bytes": tf.strings.length(masks) if self.defect == "wrong dtype" else masks}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="examples")])
    def bulk(self, examples):
        masks = self.from_examples(examples)["mask_png"]
        return {"mask_png": (masks[::-1] if self.defect == "skewed in bulk" else masks)[:, None]}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="image_bytes")])
    def scores(self, image_bytes):
        number = tf.size(image_bytes)
        share = 1.0 if self.defect == "no probabilities" else 1 / CLASSES
        return {
            "scores": tf.fill([number, 4, 4, CLASSES], share),
            "image_box": tf.tile(tf.constant([[0.0, 0.0, 1.0, 1.0]]), [number, 1]),
        }

    def _segment(self, encoded):
        if self.defect == "takes anything":
            is_image = tf.strings.regex_full_match(tf.strings.substr(encoded, 0, 2), "(?s)\\xff\\xd8|\\x89P")
            encoded = tf.cond(is_image, lambda: encoded, lambda: tf.io.encode_png(tf.zeros([1, 1, 1], tf.uint8)))
        if self.defect == "crashes on PNG":
            is_png = tf.equal(tf.strings.substr(encoded, 1, 3), "PNG")
            with tf.control_dependencies([tf.debugging.Assert(~is_png, ["no PNG, please"])]):
                encoded = tf.identity(encoded)
        image = tf.io.decode_image(encoded, channels=3, expand_animations=False)
        ids = tf.reduce_sum(tf.cast(tf.cast(image[..., 1, None], tf.int32) >= self.limits, tf.uint8), axis=-1)
        if self.defect == "wrong size":
            ids = ids[:2]
        if self.defect == "unknown class":
            ids += CLASSES
        return tf.io.encode_png(tf.repeat(ids[..., None], 3 if self.defect == "colours" else 1, axis=-1))


def save_planted(directory: Path, defect: str = "none") -> str:
    """Writes the SavedModel; returns its folder."""
    model = Planted(defect)
    signatures = {
        "serving_default": model.serve,
        "from_examples": model.from_examples,
        "rest": model.rest,
        "bulk": model.bulk,
        "scores": model.scores,
    }
    if defect == "missing signature":
        del signatures["rest"]
    tf.saved_model.save(model, str(directory), signatures=signatures)
    return str(directory)
