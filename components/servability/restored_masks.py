"""The exported model, loaded as TensorFlow Serving loads it."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from schema.signatures import IMAGE_INPUT, IMAGE_SIGNATURE, MASK_OUTPUT


def restored_masks(directory: str, encoded: Sequence[bytes]) -> list[bytes]:
    """The masks of encoded images, from variables that the graph's own restore op has filled.

    TensorFlow Serving and TFX's BulkInferrer load so. `tf.saved_model.load` does not, and may find variables where they
    find none.

    Args:
        directory: a SavedModel.
        encoded: JPEG or PNG images.

    Raises:
        tf.errors.OpError: it cannot be loaded so, or does not answer.
    """
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        loaded = tf.compat.v1.saved_model.loader.load(session, [tf.saved_model.SERVING], directory)
        signature = loaded.signature_def[IMAGE_SIGNATURE]
        images, masks = signature.inputs[IMAGE_INPUT].name, signature.outputs[MASK_OUTPUT].name
        return session.run(masks, {images: list(encoded)}).tolist()
