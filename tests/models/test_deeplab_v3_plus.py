"""The network: strides, dilation, weights, and what it is fed."""

import keras
import numpy as np
import pytest

from models.backbones import BACKBONES, dilated_backbone
from models.deeplab_v3_plus import deeplab_v3_plus
from models.settings import ModelSettings
from schema.user_error import UserError

pytestmark = pytest.mark.slow

TINY = {"aspp_filters": 8, "decoder_filters": 8, "low_level_filters": 4, "weights": "none"}


def _settings(backbone: str, **changes) -> ModelSettings:
    return ModelSettings(backbone=backbone, input_size=(64, 96), **{**TINY, **changes})


@pytest.fixture(scope="module", params=sorted(BACKBONES))
def settings(request) -> ModelSettings:
    return _settings(request.param)


def test_backbone_has_strides_4_and_16(settings):
    low, high = dilated_backbone(settings).output["low"], dilated_backbone(settings).output["high"]
    assert low.shape[1:3] == (16, 24)
    assert high.shape[1:3] == (4, 6)


def test_logits_have_stride_4_and_a_channel_a_class(settings):
    network = deeplab_v3_plus(settings, num_classes=7)
    assert network.output_shape == (None, 16, 24, 7)
    assert np.isfinite(network(np.zeros((2, 64, 96, 3), np.float32))).all()


def test_dilation_changes_no_weight_and_no_receptive_step(settings):
    """At stride 32 the plain network sees every second position that the dilated one sees, with the same weights."""
    plain = BACKBONES[settings.backbone].create(settings, (64, 96, 3), None)
    dilated = dilated_backbone(settings)
    dilated.set_weights(plain.get_weights())
    image = np.random.default_rng(0).normal(size=(1, 64, 96, 3)).astype(np.float32)
    expected, dense = plain(image, training=False).numpy(), dilated(image, training=False)["high"].numpy()
    # Keras pads a strided convolution at other places than a plain one, which shifts what MobileNetV2 samples by one.
    shift = 1 if settings.backbone == "mobilenet_v2" else 0
    sampled = dense[:, shift::2, shift::2]
    np.testing.assert_allclose(sampled[:, 0, 0], expected[:, 0, 0], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("backbone", "layer", "dilation", "stride"),
    [
        ("resnet50", "conv5_block1_1_conv", 1, 1),
        ("resnet50", "conv5_block1_0_conv", 1, 1),
        ("resnet50", "conv5_block1_2_conv", 2, 1),
        ("resnet50", "conv5_block3_2_conv", 2, 1),
        ("resnet50", "conv4_block1_1_conv", 1, 2),
        ("mobilenet_v2", "block_13_depthwise", 1, 1),
        ("mobilenet_v2", "block_16_depthwise", 2, 1),
    ],
)
def test_dilation_of_the_last_stage(backbone, layer, dilation, stride):
    convolution = dilated_backbone(_settings(backbone)).get_layer(layer)
    assert convolution.dilation_rate == (dilation, dilation)
    assert convolution.strides == (stride, stride)


def test_preprocessing_is_that_of_keras_applications(settings):
    image = np.random.default_rng(0).uniform(0, 255, (1, 4, 4, 3)).astype(np.float32)
    module = {"resnet50": keras.applications.resnet50, "mobilenet_v2": keras.applications.mobilenet_v2}
    expected = module[settings.backbone].preprocess_input(image.copy())
    np.testing.assert_allclose(BACKBONES[settings.backbone].preprocess(image), expected, rtol=1e-5, atol=1e-3)


def test_weights_from_a_file_arrive(tmp_path):
    plain = BACKBONES["mobilenet_v2"].create(_settings("mobilenet_v2"), (64, 96, 3), None)
    path = tmp_path / "plain.weights.h5"
    plain.save_weights(path)
    loaded = dilated_backbone(_settings("mobilenet_v2", weights=str(path)))
    for ours, theirs in zip(loaded.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_weights_of_another_network_are_refused(tmp_path):
    path = tmp_path / "other.weights.h5"
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save_weights(path)
    with pytest.raises(UserError, match=r"other\.weights\.h5 does not fit resnet50"):
        dilated_backbone(_settings("resnet50", weights=str(path)))


def test_missing_weights_are_named():
    with pytest.raises(UserError, match=r"no file /nowhere/w\.h5"):
        dilated_backbone(_settings("resnet50", weights="/nowhere/w.h5"))


def test_batch_norm_momentum_reaches_the_backbone(settings):
    network = deeplab_v3_plus(settings.model_copy(update={"batch_norm_momentum": 0.5}), 3)
    norms = [layer for layer in network._flatten_layers() if isinstance(layer, keras.layers.BatchNormalization)]
    assert len(norms) > 20 and {layer.momentum for layer in norms} == {0.5}


def test_atrous_rates_reach_aspp():
    network = deeplab_v3_plus(_settings("mobilenet_v2", atrous_rates=(2, 4, 5)), 3)
    rates = [network.get_layer(f"aspp_rate_{rate}_depthwise").dilation_rate for rate in (2, 4, 5)]
    assert rates == [(2, 2), (4, 4), (5, 5)]
