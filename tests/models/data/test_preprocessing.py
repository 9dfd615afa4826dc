"""The analyzed Transform graph, as training, evaluation and serving use it."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from models.data.preprocessing import CLASS_PIXELS, IMAGE_SIZE, LABEL, MODEL_INPUT, TRAINING_INPUT, TRAINING_LABEL
from models.data.training_data import raw_features, sparse_seeds
from schema.record import AUGMENT_SEED, IMAGE, MASK
from tests.models.conftest import CROP_SIZE, INPUT_SIZE, MAX_CLASS_SHARE
from tests.models.tiny import NUM_CLASSES, SIZES, image_and_mask, png, tiny_records


def _transformed(transform, seeds):
    seeds = tf.constant(seeds, tf.int64)
    return transform.transform_features_layer()(raw_features(tf.constant(tiny_records()), seeds))


def test_shapes_and_types(transform):
    features = _transformed(transform, [-1] * 5)
    assert features[MODEL_INPUT].shape == (5, *INPUT_SIZE, 3) and features[MODEL_INPUT].dtype == tf.float32
    assert features[LABEL].shape == (5, *INPUT_SIZE) and features[LABEL].dtype == tf.int64
    np.testing.assert_array_equal(features[IMAGE_SIZE], SIZES)


def test_training_sees_crops(cropping_transform):
    features = _transformed(cropping_transform, range(5))
    assert features[TRAINING_INPUT].shape == (5, *CROP_SIZE, 3) and features[TRAINING_LABEL].shape == (5, *CROP_SIZE)
    assert features[MODEL_INPUT].shape == (5, *INPUT_SIZE, 3) and features[LABEL].shape == (5, *INPUT_SIZE)
    # The first image, 40x60, fills 32x48 at a scale of 0.8. What a crop shows, the whole has in some place.
    crop, whole = features[TRAINING_LABEL][0].numpy(), _transformed(cropping_transform, [-1] * 5)[LABEL][0].numpy()
    agreement = max((crop == whole[top : top + 16, left : left + 32]).mean() for top in range(17) for left in range(17))
    assert agreement > 0.9  # a crop lies between pixels


def test_crops_of_one_class_are_drawn_anew_for_image_and_mask_alike(cropping_transform):
    # An image that shows its own mask. Of places for the crop, two in five have no more than 0.6 of the left class.
    mask = np.zeros((40, 60), np.uint8)
    mask[:, 35:] = 3
    image = np.repeat((mask * 60)[..., None], 3, -1)
    raw = {
        IMAGE: tf.constant([png(image)] * 30),
        MASK: tf.constant([png(mask)] * 30),
        AUGMENT_SEED: sparse_seeds(tf.range(30, dtype=tf.int64)),
    }
    features = cropping_transform.transform_features_layer()(raw)
    labels, images = features[TRAINING_LABEL].numpy(), features[TRAINING_INPUT].numpy()
    shares = [max((label == id_).mean() for id_ in (0, 3)) for label in labels]
    assert sum(share <= MAX_CLASS_SHARE + 0.05 for share in shares) >= 28
    # All but the column where the classes meet.
    assert (np.abs(images[..., 0] - labels * 60) < 1).mean(axis=(1, 2)).min() >= 30 / 32


def test_without_crops_training_sees_the_models_input(transform):
    features = _transformed(transform, range(5))
    np.testing.assert_array_equal(features[TRAINING_INPUT], features[MODEL_INPUT])
    np.testing.assert_array_equal(features[TRAINING_LABEL], features[LABEL])


def test_class_pixels_are_the_whole_splits(transform):
    masks = [image_and_mask(index, *size)[1] for index, size in enumerate(SIZES)]
    expected = [sum(int((mask == id_).sum()) for mask in masks) for id_ in range(NUM_CLASSES)]
    counts = _transformed(transform, [-1] * 5)[CLASS_PIXELS]
    np.testing.assert_array_equal(counts, [expected] * 5)


def test_no_seed_letterboxes_as_pillow_does(transform):
    # 25x101 (height x width) into 32x48: scale 48/101, content 48 x 11.88, centred.
    features = _transformed(transform, [-1] * 5)
    image, mask = image_and_mask(4, 25, 101)
    scale = 48 / 101
    top = (32 - 25 * scale) / 2
    rows = ((np.arange(32) + 0.5 - top) / scale).astype(int)
    columns = ((np.arange(48) + 0.5) / scale).astype(int)
    inside = (np.arange(32) + 0.5 > top) & (np.arange(32) + 0.5 < 32 - top)
    expected = np.full((32, 48), 255)
    expected[inside] = mask[rows[inside]][:, columns]
    np.testing.assert_array_equal(features[LABEL][4], expected)
    rows = np.asarray(features[MODEL_INPUT][4])
    for outside, edge in ((rows[: inside.argmax()], image[0]), (rows[-inside[::-1].argmax() :], image[-1])):
        # Shrunk to half, then sampled: close to the edge's own mean over two pixels and a bit.
        expected = [edge[int(x) : int(x + 1 / scale) + 1].mean(axis=0) for x in np.arange(48) / scale]
        np.testing.assert_array_equal(outside, outside[:1].repeat(len(outside), axis=0))
        assert np.abs(outside[0] - expected).mean() < 6


@pytest.mark.parametrize("graph", ["transform", "cropping_transform"])
def test_serving_needs_the_image_alone_and_sees_what_training_sees_without_a_seed(graph, request):
    transform = request.getfixturevalue(graph)
    records = [tf.train.Example.FromString(record).features.feature for record in tiny_records()]
    images = tf.constant([features[IMAGE].bytes_list.value[0] for features in records])
    layer = transform.transform_features_layer()
    served = layer({IMAGE: images, AUGMENT_SEED: sparse_seeds(tf.fill([5], tf.constant(-1, tf.int64)))})
    assert set(served) >= {MODEL_INPUT, IMAGE_SIZE} and LABEL not in served
    np.testing.assert_array_equal(served[MODEL_INPUT], _transformed(transform, [-1] * 5)[MODEL_INPUT])


def test_an_absent_seed_is_no_seed(transform):
    features = raw_features(tf.constant(tiny_records()), tf.fill([5], tf.constant(-1, tf.int64)))
    absent = tf.SparseTensor(tf.zeros([0, 2], tf.int64), tf.zeros([0], tf.int64), [5, 0])
    transformed = transform.transform_features_layer()({**features, AUGMENT_SEED: absent})
    np.testing.assert_array_equal(transformed[MODEL_INPUT], _transformed(transform, [-1] * 5)[MODEL_INPUT])


def test_a_seed_moves_image_and_mask_alike(transform):
    # An image that shows its own mask: wherever both are known, they must still agree after any augmentation of shape.
    _, mask = image_and_mask(1, 61, 37)
    mask[mask == 255] = 0
    image = np.repeat((mask * 60)[..., None], 3, -1)
    raw = {
        IMAGE: tf.constant([png(image)] * 40),
        MASK: tf.constant([png(mask)] * 40),
        AUGMENT_SEED: sparse_seeds(tf.range(40, dtype=tf.int64)),
    }
    features = transform.transform_features_layer()(raw)
    labels, images = features[LABEL].numpy(), features[MODEL_INPUT].numpy()
    agreements = []
    for label, warped in zip(labels, images, strict=True):
        known = label < 255
        # Colours are changed by one monotonous map an image, so ids must keep their order of mean brightness.
        means = [warped[known & (label == id_)].mean() for id_ in range(4) if (known & (label == id_)).sum() > 30]
        agreements.append(means == sorted(means))
    assert all(agreements)
    assert len({label.tobytes() for label in labels}) > 35


def test_the_graph_in_tf_data_equals_the_eager_one(transform):
    layer = transform.transform_features_layer()
    seeds = tf.constant([-1, 0, 5, 6, 7], tf.int64)
    dataset = (
        tf.data.Dataset.from_tensors((tf.constant(tiny_records()), seeds))
        .map(lambda records, seeds: layer(raw_features(records, seeds)))
        .as_numpy_iterator()
    )
    eager = _transformed(transform, seeds)
    for features in dataset:
        np.testing.assert_array_equal(features[LABEL], eager[LABEL])
        np.testing.assert_allclose(features[MODEL_INPUT], eager[MODEL_INPUT], atol=1e-3)
        # Where there is no seed there is no arithmetic to fuse one way or another.
        np.testing.assert_array_equal(features[MODEL_INPUT][0], eager[MODEL_INPUT][0])


def test_png_and_grey_images_are_read(transform):
    image, mask = image_and_mask(0, 40, 60)
    grey = np.asarray(Image.fromarray(image).convert("L"))
    rgba = np.dstack([image, np.full(image.shape[:2], 7, np.uint8)])
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "JPEG")
    raw = {
        IMAGE: tf.constant([png(image), png(rgba), png(grey), buffer.getvalue()]),
        MASK: tf.constant([png(mask)] * 4),
        AUGMENT_SEED: sparse_seeds(tf.fill([4], tf.constant(-1, tf.int64))),
    }
    images = transform.transform_features_layer()(raw)[MODEL_INPUT].numpy()
    np.testing.assert_array_equal(images[0], images[1])
    np.testing.assert_array_equal(images[2][..., 0], images[2][..., 2])
    assert np.abs(images[2] - images[3]).max() < 12  # JPEG at its default quality
