"""The pictures are what the trainer gets: held against the graph that was made, and a mask warped by hand."""

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_transform as tft
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from models.data.augment_settings import AugmentSettings
from models.data.preprocessing import LABEL, MODEL_INPUT, PreprocessingSettings
from models.data.training_data import raw_features
from pipeline.read_schema import read_schema
from pipeline.show.training_samples import training_samples
from tests.models.tiny import NUM_CLASSES, image_and_mask, jpeg, png, serialized

pytestmark = pytest.mark.slow

SEED = 3
SIZES = [(40, 60), (60, 30)]


@pytest.fixture(scope="module")
def records() -> list[bytes]:
    pairs = [image_and_mask(index, *size) for index, size in enumerate(SIZES)]
    return [serialized(jpeg(image), png(mask), f"{index}.jpg") for index, (image, mask) in enumerate(pairs)]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def samples(records, scratch):
    settings = PreprocessingSettings(
        input_size=(64, 96),
        num_classes=NUM_CLASSES,
        augment=AugmentSettings(scale=(0.5, 2), rotation=30, flip=0.5, crop=True, brightness=0.3),
    )
    examples = [tf.train.Example.FromString(record) for record in records]
    schema = text_format.Parse(read_schema(None), schema_pb2.Schema())
    return training_samples(examples, schema, settings, seed=SEED, epochs=3, scratch=scratch)


def test_plain_is_the_letterbox(samples):
    assert [sample.filename for sample in samples] == ["0.jpg", "1.jpg"]
    for sample, size in zip(samples, SIZES, strict=True):
        image, label = sample.plain
        assert (image.shape, image.dtype, label.shape, label.dtype) == ((64, 96, 3), np.uint8, (64, 96), np.uint8)
        scale = min(64 / size[0], 96 / size[1])
        margin = round((96 - size[1] * scale) / 2)
        assert (label[:, :margin] == 255).all() and (image[:, :margin] == image[:, :1]).all()
    # 40x60 fills 64x96 at a scale of 1.6.
    _, mask = image_and_mask(0, 40, 60)
    rows, columns = ((np.arange(length) + 0.5) / 1.6 for length in (64, 96))
    np.testing.assert_array_equal(samples[0].plain[1], mask[rows.astype(int)][:, columns.astype(int)])


def test_augmented_are_the_trainers_of_one_epoch_after_the_other(samples, records, scratch):
    """The n-th sample of a run has the seed n behind the run's own."""
    layer = tft.TFTransformOutput(str(scratch / "graph")).transform_features_layer()
    for at, sample in enumerate(samples):
        assert len(sample.augmented) == 3
        for epoch, (image, label) in enumerate(sample.augmented):
            seed = (SEED << 40) + 2 * epoch + at
            expected = layer(raw_features(tf.constant([records[at]]), tf.constant([seed], tf.int64)))
            np.testing.assert_array_equal(label, expected[LABEL][0])
            np.testing.assert_allclose(image, expected[MODEL_INPUT][0], atol=0.6)
    assert len({label.tobytes() for sample in samples for _, label in [sample.plain, *sample.augmented]}) == 8
