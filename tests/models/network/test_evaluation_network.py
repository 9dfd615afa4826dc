"""From the network that was trained to the one that is exported."""

import keras
import numpy as np
import pytest

from models.network.deeplab_v3_plus import deeplab_v3_plus
from models.network.evaluation_network import evaluation_network
from models.network.model_settings import ModelSettings

pytestmark = pytest.mark.slow

SETTINGS = ModelSettings(
    backbone="mobilenet_v2",
    weights="none",
    input_size=(64, 96),
    width=0.35,
    aspp_filters=8,
    decoder_filters=8,
    low_level_filters=4,
)
IMAGE = np.random.default_rng(0).uniform(0, 255, (1, 64, 96, 3)).astype(np.float32)


def _logits(network):
    return network(IMAGE, training=False).numpy()


def test_trained_on_crops_it_sees_whole_images_as_if_trained_on_them():
    whole = deeplab_v3_plus(SETTINGS, 3)
    crops = deeplab_v3_plus(SETTINGS.model_copy(update={"input_size": (32, 32)}), 3)
    crops.set_weights(whole.get_weights())
    np.testing.assert_array_equal(_logits(evaluation_network(crops, SETTINGS, 3)), _logits(whole))


def test_the_output_stride_may_be_another():
    trained = deeplab_v3_plus(SETTINGS, 3)
    exported = evaluation_network(trained, SETTINGS.model_copy(update={"evaluation_output_stride": 8}), 3)
    high = keras.Model(exported.get_layer("mobilenet_v2").inputs, exported.get_layer("mobilenet_v2").output["high"])
    assert high(IMAGE).shape[1:3] == (8, 12)
    for ours, theirs in zip(exported.get_weights(), trained.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert _logits(exported).shape == _logits(trained).shape
    assert np.abs(_logits(exported) - _logits(trained)).max() > 0


@pytest.mark.parametrize("size", [(32, 64), (96, 48), (160, 160)])
def test_any_size_is_seen_as_a_network_of_that_size_sees_it(size):
    trained = deeplab_v3_plus(SETTINGS, 3)
    own = deeplab_v3_plus(SETTINGS.model_copy(update={"input_size": size}), 3)
    own.set_weights(trained.get_weights())
    image = np.random.default_rng(1).uniform(0, 255, (1, *size, 3)).astype(np.float32)
    exported = evaluation_network(trained, SETTINGS, 3)
    np.testing.assert_array_equal(exported(image, training=False), own(image, training=False))
