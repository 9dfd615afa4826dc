"""What is exported: the Transform graph, the network and the way back to each image's own size, in one SavedModel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
import tensorflow_transform as tft

from models.data import affine
from models.data.preprocessing import IMAGE_SIZE, MODEL_INPUT
from models.data.training_data import sparse_seeds
from models.network.averaged_views import averaged_views
from models.network.model_settings import ModelSettings
from models.network.views_settings import ViewsSettings
from schema.label_map import FILE_NAME, LabelMap
from schema.record import AUGMENT_SEED, IMAGE
from schema.signatures import (
    BOX_OUTPUT,
    BULK_SIGNATURE,
    EXAMPLE_INPUT,
    EXAMPLE_SIGNATURE,
    IMAGE_INPUT,
    IMAGE_SIGNATURE,
    MASK_OUTPUT,
    REST_OUTPUT,
    REST_SIGNATURE,
    SCORES_OUTPUT,
    SCORES_SIGNATURE,
)

_BAND_PIXELS = 1 << 20


class ServingModel(tf.Module):
    """Encoded images in, PNG masks of class indices out, each at its image's own size.

    Images pass one by one, a few at a time, so memory does not grow with the number of images in a call, and a mask
    does not depend on what else is in it.

    Args:
        network: from `[1, H, W, 3] float32` to `[1, H/4, W/4, C]` logits.
        num_classes: C.
        input_size: H and W.
        transform_layer: the Transform graph as a layer.
        label_map_file: an existing label map file; it goes into the SavedModel's assets.
        views: test-time augmentation, for which H and W of `network` may be any.
        parallel: images under way at once.
    """

    def __init__(
        self,
        network: keras.Model,
        num_classes: int,
        input_size: tuple[int, int],
        transform_layer: tf.Module,
        label_map_file: str | Path,
        *,
        views: ViewsSettings | None = None,
        parallel: int = 2,
    ) -> None:
        super().__init__()
        # As TensorFlow's own variables: loaded by the restore op, as TensorFlow Serving and TFX's BulkInferrer do it,
        # Keras's would be restored into copies that no signature reads. So the network itself is not tracked either.
        self.network = partial(network, training=False)
        self.num_classes = num_classes
        self.input_size = input_size
        self.views = views or ViewsSettings()
        # For `warm_start`: in the file of variables each has its name, whatever Keras makes of the network's inside.
        self.weights = {weight.path: weight.value for weight in network.weights}
        # Nor is the Transform graph, which has no variables: of a Keras layer, saving would trace what nobody calls.
        self.transform = partial(transform_layer)
        self.label_map = tf.saved_model.Asset(str(label_map_file))
        self.parallel = parallel

    @tf.function(autograph=False, input_signature=[tf.TensorSpec([None], tf.string, name=IMAGE_INPUT)])
    def serve(self, image_bytes: tf.Tensor) -> dict[str, tf.Tensor]:
        """`[N] string` JPEG or PNG bytes -> `mask_png [N] string`."""
        return {MASK_OUTPUT: self._each(self._mask, image_bytes, tf.TensorSpec([], tf.string))}

    @tf.function(autograph=False, input_signature=[tf.TensorSpec([None], tf.string, name=EXAMPLE_INPUT)])
    def from_examples(self, examples: tf.Tensor) -> dict[str, tf.Tensor]:
        """`[N] string` serialized tf.Examples, of which `image/encoded` is read -> `mask_png [N] string`."""
        parsed = tf.io.parse_example(examples, {IMAGE: tf.io.FixedLenFeature([], tf.string)})
        return self.serve(parsed[IMAGE])

    @tf.function(autograph=False, input_signature=[tf.TensorSpec([None], tf.string, name=IMAGE_INPUT)])
    def rest(self, image_bytes: tf.Tensor) -> dict[str, tf.Tensor]:
        """As `serve`, with the output named so that TensorFlow Serving can write it as JSON."""
        return {REST_OUTPUT: self.serve(image_bytes)[MASK_OUTPUT]}

    @tf.function(autograph=False, input_signature=[tf.TensorSpec([None], tf.string, name=EXAMPLE_INPUT)])
    def bulk(self, examples: tf.Tensor) -> dict[str, tf.Tensor]:
        """As `from_examples`, but `mask_png [N, 1] string`, as TFX's BulkInferrer needs it."""
        return {MASK_OUTPUT: self.from_examples(examples)[MASK_OUTPUT][:, None]}

    @tf.function(autograph=False, input_signature=[tf.TensorSpec([None], tf.string, name=IMAGE_INPUT)])
    def scores(self, image_bytes: tf.Tensor) -> dict[str, tf.Tensor]:
        """`[N] string` JPEG or PNG bytes -> `scores [N, H/4, W/4, C] float32`, and where in them each image lies."""
        height, width = self.input_size
        spec = (tf.TensorSpec([height // 4, width // 4, self.num_classes]), tf.TensorSpec([4]))
        scores, boxes = self._each(self._scores, image_bytes, spec)
        return {SCORES_OUTPUT: scores, BOX_OUTPUT: boxes}

    def _each(self, function: Callable, image_bytes: tf.Tensor, output: object) -> Any:
        return tf.map_fn(function, image_bytes, fn_output_signature=output, parallel_iterations=self.parallel)

    def _mask(self, encoded: tf.Tensor) -> tf.Tensor:
        scores, size = self._segment(encoded)
        return tf.io.encode_png(_most_likely(scores, self._back(size, scores), size)[..., None])

    def _scores(self, encoded: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        scores, size = self._segment(encoded)
        to_input = affine.invert(affine.placement(size, self.input_size))
        # Corners (x, y) of the image among the pixels of the input.
        corners = tf.stack([tf.zeros([2]), tf.cast(size[::-1], tf.float32)]) * tf.linalg.diag_part(to_input[:, :2])
        corners = (corners + to_input[:, 2]) / tf.cast(self.input_size[::-1], tf.float32)
        return (scores if self.views.more_than_one else tf.nn.softmax(scores)), tf.reshape(corners[:, ::-1], [4])

    def _segment(self, encoded: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Logits, or the mean probabilities of several views, `[H/4, W/4, C]`, and the image's size `[2] int32`."""
        no_seed = sparse_seeds(tf.constant([-1], tf.int64))
        features = self.transform({IMAGE: encoded[None], AUGMENT_SEED: no_seed})
        image = tf.ensure_shape(features[MODEL_INPUT], [1, *self.input_size, 3])
        scores = averaged_views(self._logits, image, self.views) if self.views.more_than_one else self._logits(image)
        return scores[0], tf.cast(features[IMAGE_SIZE][0], tf.int32)

    @tf.function(autograph=False, reduce_retracing=True)
    def _logits(self, image: tf.Tensor) -> tf.Tensor:
        """A function of its own, so that signatures and views share one graph of the network."""
        return self.network(image)

    def _back(self, size: tf.Tensor, scores: tf.Tensor) -> tf.Tensor:
        """The map from the image's own pixels to those of its scores."""
        to_input = affine.invert(affine.placement(size, self.input_size))
        stride = tf.constant(self.input_size, tf.float32) / tf.cast(tf.shape(scores)[:2], tf.float32)
        return to_input / stride[::-1, None]


def _most_likely(scores: tf.Tensor, back: tf.Tensor, size: tf.Tensor) -> tf.Tensor:
    """The class of each pixel, `[*size] uint8`.

    Scores at the image's own size would take gigabytes for a photograph; they are made for a band of rows at a time.
    """
    rows = tf.minimum(size[0], tf.maximum(1, _BAND_PIXELS // size[1]))

    def classes(top: tf.Tensor) -> tf.Tensor:
        moved = back[:, 2:] + back[:, 1:2] * tf.cast(top, tf.float32)
        band = affine.warp_scores(scores, tf.concat([back[:, :2], moved], axis=1), tf.stack([rows, size[1]]))
        return tf.cast(tf.argmax(band, axis=-1, output_type=tf.int32), tf.uint8)

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
    network: keras.Model,
    settings: ModelSettings,
    transform: tft.TFTransformOutput,
    label_map: LabelMap,
    directory: str | Path,
    scratch: Path,
) -> None:
    """Writes the SavedModel with its signatures.

    Args:
        network: the trained network.
        settings: `input_size` and `views` are read.
        transform: the analyzed Transform graph.
        label_map: becomes an asset of the SavedModel.
        directory: where to; may be any path `tf.io.gfile` knows.
        scratch: a local folder for the label map file until it is copied.
    """
    label_map_file = scratch / FILE_NAME
    label_map.save(label_map_file)
    layer = transform.transform_features_layer()
    module = ServingModel(network, len(label_map), settings.input_size, layer, label_map_file, views=settings.views)
    signatures = {
        IMAGE_SIGNATURE: module.serve,
        EXAMPLE_SIGNATURE: module.from_examples,
        REST_SIGNATURE: module.rest,
        BULK_SIGNATURE: module.bulk,
        SCORES_SIGNATURE: module.scores,
    }
    tf.saved_model.save(module, str(directory), signatures=signatures)
