"""What is exported: the Transform graph, the network and the way back to each image's own size, in one SavedModel."""

from __future__ import annotations

from pathlib import Path

import keras
import tensorflow as tf
import tensorflow_transform as tft

from models.data import affine
from models.data.preprocessing import IMAGE_SIZE, MODEL_INPUT
from models.data.training_data import sparse_seeds
from schema.label_map import FILE_NAME, LabelMap
from schema.record import AUGMENT_SEED, IMAGE
from schema.signatures import EXAMPLE_INPUT, EXAMPLE_SIGNATURE, IMAGE_INPUT, IMAGE_SIGNATURE, MASK_OUTPUT

_BAND_PIXELS = 1 << 20


class ServingModel(tf.Module):
    """Encoded images in, PNG masks of class indices out, each at its image's own size.

    Images pass one by one, a few at a time, so memory does not grow with the number of images in a call, and a mask
    does not depend on what else is in it.

    Args:
        network: from `[1, H, W, 3] float32` to `[1, h, w, C]` logits.
        transform_layer: the Transform graph as a layer.
        label_map_file: an existing label map file; it goes into the SavedModel's assets.
        parallel: images under way at once.
    """

    def __init__(
        self, network: keras.Model, transform_layer: tf.Module, label_map_file: str | Path, parallel: int = 2
    ) -> None:
        super().__init__()
        self.network = network
        # For `warm_start`: in the file of variables each has its name, whatever Keras makes of the network's inside.
        self.weights = {weight.path: weight for weight in network.weights}
        self.transform_layer = transform_layer
        self.label_map = tf.saved_model.Asset(str(label_map_file))
        self.parallel = parallel

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name=IMAGE_INPUT)])
    def serve(self, image_bytes: tf.Tensor) -> dict[str, tf.Tensor]:
        """`[N] string` JPEG or PNG bytes -> `mask_png [N] string`."""
        masks = tf.map_fn(
            self._segment,
            image_bytes,
            fn_output_signature=tf.TensorSpec([], tf.string),
            parallel_iterations=self.parallel,
        )
        return {MASK_OUTPUT: masks}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name=EXAMPLE_INPUT)])
    def from_examples(self, examples: tf.Tensor) -> dict[str, tf.Tensor]:
        """`[N] string` serialized tf.Examples, of which `image/encoded` is read -> `mask_png [N] string`."""
        parsed = tf.io.parse_example(examples, {IMAGE: tf.io.FixedLenFeature([], tf.string)})
        return self.serve(parsed[IMAGE])

    def _segment(self, encoded: tf.Tensor) -> tf.Tensor:
        no_seed = sparse_seeds(tf.constant([-1], tf.int64))
        features = self.transform_layer({IMAGE: encoded[None], AUGMENT_SEED: no_seed})
        logits = self.network(features[MODEL_INPUT], training=False)[0]
        size = tf.cast(features[IMAGE_SIZE][0], tf.int32)
        return tf.io.encode_png(_most_likely(logits, self._back(size, logits), size)[..., None])

    def _back(self, size: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        """The map from the image's own pixels to those of its logits."""
        input_size = self.network.input_shape[1:3]
        to_input = affine.invert(affine.placement(size, input_size))
        stride = tf.constant(input_size, tf.float32) / tf.cast(tf.shape(logits)[:2], tf.float32)
        return to_input / stride[::-1, None]


def _most_likely(logits: tf.Tensor, back: tf.Tensor, size: tf.Tensor) -> tf.Tensor:
    """The class of each pixel, `[*size] uint8`.

    Scores at the image's own size would take gigabytes for a photograph; they are made for a band of rows at a time.
    """
    rows = tf.minimum(size[0], tf.maximum(1, _BAND_PIXELS // size[1]))

    def classes(top: tf.Tensor) -> tf.Tensor:
        moved = back[:, 2:] + back[:, 1:2] * tf.cast(top, tf.float32)
        scores = affine.warp_scores(logits, tf.concat([back[:, :2], moved], axis=1), tf.stack([rows, size[1]]))
        return tf.cast(tf.argmax(scores, axis=-1, output_type=tf.int32), tf.uint8)

    bands = tf.map_fn(
        classes,
        tf.range(0, size[0], rows),
        fn_output_signature=tf.TensorSpec([None, None], tf.uint8),
        parallel_iterations=1,
    )
    return tf.reshape(bands, [-1, size[1]])[: size[0]]


def weight_key(path: str) -> str:
    """Where among a SavedModel's variables the weight of a Keras path is."""
    return f"weights/{path.replace('.', '..').replace('/', '.S')}/.ATTRIBUTES/VARIABLE_VALUE"


def export(
    network: keras.Model, transform: tft.TFTransformOutput, label_map: LabelMap, directory: str | Path, scratch: Path
) -> None:
    """Writes the SavedModel with its two signatures.

    Args:
        network: the trained network.
        transform: the analyzed Transform graph.
        label_map: becomes an asset of the SavedModel.
        directory: where to; may be any path `tf.io.gfile` knows.
        scratch: a local folder for the label map file until it is copied.
    """
    label_map_file = scratch / FILE_NAME
    label_map.save(label_map_file)
    module = ServingModel(network, transform.transform_features_layer(), label_map_file)
    signatures = {IMAGE_SIGNATURE: module.serve, EXAMPLE_SIGNATURE: module.from_examples}
    tf.saved_model.save(module, str(directory), signatures=signatures)
