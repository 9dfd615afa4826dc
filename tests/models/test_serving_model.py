"""The exported model: each mask at its image's own size, whatever the call, and where the pixels belong."""

import io

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from models.data.preprocessing import MODEL_INPUT
from models.data.training_data import raw_features
from models.network.model_settings import ModelSettings
from models.network.views_settings import ViewsSettings
from models.serving_model import ServingModel, export
from pipeline.prediction.read_prediction_logs import read_prediction_logs
from schema.label_map import LabelMap
from schema.record import IMAGE
from tests.models.conftest import INPUT_SIZE
from tests.models.tiny import NUM_CLASSES, SIZES, jpeg, png, tiny_records
from tests.pipeline.prediction.bulk_inference import infer

LABEL_MAP = LabelMap(("a", "b", "c", "d"), ((0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)))


SETTINGS = ModelSettings(weights="none").model_copy(update={"input_size": INPUT_SIZE})


def _brightness_network() -> keras.Model:
    """Stride 4, four classes: which quarter of the brightness range a cell's mean lies in, by trainable centres."""
    image = keras.Input((None, None, 3))
    grey = keras.layers.AveragePooling2D(4)(keras.ops.mean(image, axis=-1, keepdims=True))
    to_centres = keras.layers.Dense(NUM_CLASSES)
    network = keras.Model(image, -keras.ops.abs(to_centres(grey)))
    to_centres.set_weights([np.ones((1, NUM_CLASSES)), -np.array([32.0, 96.0, 160.0, 224.0])])
    return network


@pytest.fixture(scope="module")
def model(transform, tmp_path_factory):
    directory = tmp_path_factory.mktemp("model")
    export(_brightness_network(), SETTINGS, transform, LABEL_MAP, directory, tmp_path_factory.mktemp("scratch"))
    loaded = tf.saved_model.load(str(directory))
    loaded.directory = directory
    return loaded


@pytest.fixture(scope="module")
def images() -> list[bytes]:
    records = [tf.train.Example.FromString(record).features.feature for record in tiny_records()]
    return [features[IMAGE].bytes_list.value[0] for features in records]


def _serve(model, images) -> list[bytes]:
    return model.signatures["serving_default"](image_bytes=tf.constant(images))["mask_png"].numpy().tolist()


def _ids(encoded: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(encoded))
    assert image.mode == "L"
    return np.asarray(image)


def test_each_mask_has_its_images_own_size(model, images):
    masks = [_ids(mask) for mask in _serve(model, images)]
    assert [mask.shape for mask in masks] == SIZES
    assert set(np.concatenate([mask.ravel() for mask in masks])) <= set(range(NUM_CLASSES))


def test_both_signatures_give_the_same_bytes_alone_and_together(model, images):
    together = _serve(model, images)
    assert [_serve(model, [image])[0] for image in images] == together
    examples = model.signatures["from_examples"](examples=tf.constant(tiny_records()))["mask_png"].numpy().tolist()
    assert examples == together
    assert _serve(model, images[::-1]) == together[::-1]


@pytest.mark.parametrize("size", [(32, 48), (64, 96), (200, 60), (38, 152), (16, 24)])
@pytest.mark.parametrize("axis", [0, 1])
def test_masks_lie_where_their_pixels_lie(model, size, axis):
    """A picture half dark, half bright comes back with its border in the middle, to within a quarter of a cell."""
    half = size[axis] // 2
    bright = np.broadcast_to((np.arange(size[axis]) >= half).reshape((-1, 1) if axis == 0 else (1, -1)), size)
    image = np.repeat(np.where(bright, 224, 32)[..., None], 3, -1).astype(np.uint8)
    mask = _ids(_serve(model, [png(image)])[0])
    borders = np.argmax(mask >= NUM_CLASSES // 2, axis=axis)
    cell = 4 * max(size[0] / INPUT_SIZE[0], size[1] / INPUT_SIZE[1])  # pixels
    assert np.abs(borders - half).max() <= max(1.0, cell / 4)


def test_one_pixel_and_grey_and_alpha(model):
    grey = np.full((9, 7), 100, np.uint8)
    rgba = np.dstack([np.full((9, 7, 3), 100, np.uint8), np.zeros((9, 7), np.uint8)])
    masks = [_ids(mask) for mask in _serve(model, [png(grey[:1, :1]), png(grey), png(rgba), jpeg(grey)])]
    assert masks[0].shape == (1, 1)
    assert all((mask == 1).all() for mask in masks)


def test_bulk_inference_gives_the_same_bytes(model, tmp_path):
    """By TFX's BulkInferrer, which loads it as TensorFlow 1 did and as TensorFlow Serving does: by its restore op."""
    result = infer(tmp_path, model.directory, {"train": tiny_records()[:1], "eval": tiny_records()})
    logs = list(read_prediction_logs(sorted(result.iterdir())))
    predicted = [tf.train.Example.FromString(log.example) for log in logs]
    assert all(tf.train.Example.FromString(record) in predicted for record in tiny_records())
    assert len(predicted) == len(SIZES)
    images = [example.features.feature[IMAGE].bytes_list.value[0] for example in predicted]
    assert [log.mask_png for log in logs] == _serve(model, images)


def test_no_images_no_masks(model):
    assert _serve(model, tf.zeros([0], tf.string)) == []


def test_garbage_is_a_clean_error(model):
    with pytest.raises(tf.errors.InvalidArgumentError):
        _serve(model, [b"not an image"])


def test_the_label_map_travels_along(model):
    assert LabelMap.load(model.directory / "assets" / "label_map.yaml") == LABEL_MAP


def test_json_gets_the_same_masks_under_a_name_that_tensorflow_serving_encodes(model, images):
    assert model.signatures["rest"](image_bytes=tf.constant(images))["mask_png_bytes"].numpy().tolist() == _serve(
        model, images
    )


def test_scores_are_probabilities_and_say_where_the_image_is(model):
    tall, wide = np.full((64, 48, 3), 96, np.uint8), np.full((24, 72, 3), 224, np.uint8)
    out = model.signatures["scores"](image_bytes=tf.constant([png(tall), png(wide)]))
    scores, boxes = out["scores"].numpy(), out["image_box"].numpy()
    assert scores.shape == (2, INPUT_SIZE[0] // 4, INPUT_SIZE[1] // 4, NUM_CLASSES)
    np.testing.assert_allclose(scores[0, 3, 5], np.exp([-64, 0, -64, -128]), atol=1e-6)
    np.testing.assert_allclose(scores.sum(axis=-1), 1, rtol=1e-6)
    # 64x48 becomes 32x24 in the middle of 32x48; 24x72 becomes 16x48.
    np.testing.assert_allclose(boxes, [[0, 0.25, 1, 0.75], [0.25, 0, 0.75, 1]], atol=1e-6)


def test_no_images_no_scores(model):
    out = model.signatures["scores"](image_bytes=tf.zeros([0], tf.string))
    assert out["scores"].shape == (0, 8, 12, NUM_CLASSES) and out["image_box"].shape == (0, 4)


class _Spy:
    """A network that tells what it is fed."""

    def __init__(self, network: keras.Model) -> None:
        self.network, self.weights, self.seen = network, network.weights, []

    def __call__(self, batch, training):
        tf.py_function(lambda fed: self.seen.append(fed.numpy()), [batch], [])
        return self.network(batch, training=training)


def test_the_network_is_fed_what_training_feeds_it_without_a_seed(transform, images, monkeypatch):
    """No skew: the tensor that reaches the network in serving is that of the training pipeline at no seed."""
    spy = _Spy(_brightness_network())
    monkeypatch.setattr(tf.saved_model, "Asset", lambda path: path)
    layer = transform.transform_features_layer()
    serving = ServingModel(spy, NUM_CLASSES, INPUT_SIZE, layer, "label_map.yaml", parallel=1)
    serving.serve(tf.constant(images))
    raw = raw_features(tf.constant(tiny_records()), tf.fill([len(images)], tf.constant(-1, tf.int64)))
    expected = transform.transform_features_layer()(raw)[MODEL_INPUT]
    np.testing.assert_array_equal(np.concatenate(spy.seen), expected)


def test_views_are_seen_mirrored_and_scaled_and_the_mask_is_of_their_mean(transform, images, monkeypatch):
    spy = _Spy(_brightness_network())
    monkeypatch.setattr(tf.saved_model, "Asset", lambda path: path)
    layer = transform.transform_features_layer()
    views = ViewsSettings(flip=True, scales=(1.0, 2.0))
    serving = ServingModel(spy, NUM_CLASSES, INPUT_SIZE, layer, "label_map.yaml", views=views, parallel=1)
    mask = _ids(serving.serve(tf.constant(images[:1]))["mask_png"].numpy()[0])
    plain, mirrored, large, _ = sorted(spy.seen, key=np.shape)  # in what order, TensorFlow may choose
    np.testing.assert_array_equal(mirrored, plain[:, :, ::-1])
    assert large.shape == (1, 64, 96, 3)
    scores = serving.scores(tf.constant(images[:1]))["scores"].numpy()[0]
    np.testing.assert_allclose(scores.sum(axis=-1), 1, rtol=1e-5)
    # The whole input is the image, at 0.8 times its 40x60: a cell is 5x5 of its pixels, its middle the third.
    assert (mask[2::5, 2::5] == scores.argmax(axis=-1)).mean() > 0.95


def test_a_large_image_in_bands_of_rows_equals_one_in_a_single_band(monkeypatch):
    from models import serving_model
    from models.data import affine

    random = np.random.default_rng(0)
    scores = tf.constant(random.normal(size=(8, 12, 5)), tf.float32)
    size = tf.constant([203, 310])
    back = affine.invert(affine.placement(size, INPUT_SIZE)) / 4.0
    whole = tf.argmax(affine.warp_scores(scores, back, size), axis=-1).numpy()
    monkeypatch.setattr(serving_model, "_BAND_PIXELS", 310 * 17)
    banded = serving_model._most_likely(scores, back, size).numpy()
    assert banded.shape == (203, 310) and banded.dtype == np.uint8
    # The same arithmetic in another order: only pixels at a tie may differ.
    assert (banded != whole).mean() < 1e-4
