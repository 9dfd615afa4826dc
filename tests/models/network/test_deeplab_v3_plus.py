"""The network: strides, dilation, weights, and what it is fed."""

import keras
import numpy as np
import pytest

from models.network.backbones import BACKBONES, dilated_backbone
from models.network.deeplab_v3_plus import deeplab_v3_plus
from models.network.model_settings import ModelSettings
from pipeline.config import load_config
from schema.user_error import UserError
from tests.conftest import ROOT

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


# Of the 3x3 convolutions behind stride 8 (arXiv 1706.05587, section 3.1): the rate doubles where a stride is left out.
RATES = {8: {"conv4": 2, "conv5": 4}, 16: {"conv4": 1, "conv5": 2}, 32: {"conv4": 1, "conv5": 1}}


@pytest.mark.parametrize("output_stride", RATES)
def test_every_dilation_of_resnet(output_stride):
    backbone = dilated_backbone(_settings("resnet50", output_stride=output_stride))
    assert backbone.output["high"].shape[1:3] == (64 // output_stride, 96 // output_stride)
    for stage, units in (("conv4", 6), ("conv5", 3)):
        layers = [backbone.get_layer(f"{stage}_block{unit + 1}_2_conv") for unit in range(units)]
        assert {layer.dilation_rate for layer in layers} == {(RATES[output_stride][stage],) * 2}
        stride = 1 if output_stride <= {"conv4": 8, "conv5": 16}[stage] else 2
        for branch in (0, 1):
            assert backbone.get_layer(f"{stage}_block1_{branch}_conv").strides == (stride, stride)


@pytest.mark.parametrize(
    ("output_stride", "expected"),  # of block 6 and 13, which had the strides, and the last of the blocks behind them
    [
        (8, [(1, 1), (2, 1), (2, 1), (4, 1)]),
        (16, [(1, 2), (1, 1), (1, 1), (2, 1)]),
        (32, [(1, 2), (1, 1), (1, 2), (1, 1)]),
    ],
)
def test_dilation_and_stride_of_mobilenet(output_stride, expected):
    backbone = dilated_backbone(_settings("mobilenet_v2", output_stride=output_stride))
    assert backbone.output["high"].shape[1:3] == (64 // output_stride, 96 // output_stride)
    layers = [backbone.get_layer(f"block_{block}_depthwise") for block in (6, 12, 13, 16)]
    assert [(layer.dilation_rate[0], layer.strides[0]) for layer in layers] == expected


def test_multi_grid_multiplies_the_last_three_units():
    backbone = dilated_backbone(_settings("resnet50", multi_grid=(1, 2, 4)))
    rates = [backbone.get_layer(f"conv5_block{unit}_2_conv").dilation_rate[0] for unit in (1, 2, 3)]
    assert rates == [2, 4, 8]  # arXiv 1706.05587, section 3.2


def test_preprocessing_is_that_of_keras_applications(settings):
    image = np.random.default_rng(0).uniform(0, 255, (1, 4, 4, 3)).astype(np.float32)
    resnet = keras.applications.resnet
    module = {"resnet50": resnet, "resnet101": resnet, "mobilenet_v2": keras.applications.mobilenet_v2}
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


@pytest.mark.parametrize(("output_stride", "expected"), [(8, [12, 24, 36]), (16, [6, 12, 18]), (32, [3, 6, 9])])
@pytest.mark.parametrize(("aspp", "suffix"), [("separable", "_depthwise"), ("plain", "")])
def test_rates_of_the_pyramid_go_with_the_stride(output_stride, expected, aspp, suffix):
    network = deeplab_v3_plus(_settings("mobilenet_v2", output_stride=output_stride, aspp=aspp), 3)
    rates = [network.get_layer(f"aspp_rate_{rate}{suffix}").dilation_rate[0] for rate in (6, 12, 18)]
    assert rates == expected


def test_the_pyramid_has_a_branch_for_each_rate_and_one_for_the_image():
    five = _settings("mobilenet_v2", atrous_rates=(6, 12, 18, 24), image_pooling=False, activation="swish")
    assert deeplab_v3_plus(five, 3).get_layer("aspp_concat").output.shape[-1] == 5 * 8
    pooled = _settings("mobilenet_v2", atrous_rates=(6,))
    assert deeplab_v3_plus(pooled, 3).get_layer("aspp_concat").output.shape[-1] == 3 * 8


def _small_networks() -> dict[str, ModelSettings]:
    """Of the project's configurations, those whose networks differ, from scratch and small."""
    small = {}
    for file in sorted(ROOT.glob("configs/*.yaml")):
        model = load_config(file).model.model_copy(update={"weights": "none", "input_size": (32, 64)})
        if model not in small.values():
            small[file.stem] = model
    return small


SMALL_NETWORKS = _small_networks()


@pytest.mark.parametrize("name", SMALL_NETWORKS)
def test_the_network_of_every_configuration_is_built(name):
    settings = SMALL_NETWORKS[name]
    network = deeplab_v3_plus(settings, 3)
    assert network.output_shape == (None, 8, 16, 3)
    branches = 1 + len(settings.atrous_rates) + settings.image_pooling
    assert network.get_layer("aspp_concat").output.shape[-1] == branches * settings.aspp_filters
    paths = [weight.path for weight in network.weights]
    assert len(set(paths)) == len(paths)  # exported models know them by these


def test_the_five_branches():
    settings = SMALL_NETWORKS["voc2012-five-branches"]
    network = deeplab_v3_plus(settings, 3)
    assert network.get_layer("resnet50").output["high"].shape[1:3] == (2, 4)
    rates = (6, 12, 18, 24)
    assert tuple(network.get_layer(f"aspp_rate_{rate}").dilation_rate[0] for rate in rates) == rates
    assert network.get_layer("aspp_concat").output.shape[-1] == 5 * 128
    activations = {layer.activation.__name__ for layer in network.layers if isinstance(layer, keras.layers.Activation)}
    assert activations == {"silu"}
