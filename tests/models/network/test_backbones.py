"""Backbones against `keras.applications` and its file format; their dilation as an impulse shows it."""

from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

from models.network.backbones import BACKBONES, dilated_backbone
from models.network.deeplab_v3_plus import deeplab_v3_plus
from models.network.model_settings import ModelSettings

pytestmark = pytest.mark.slow

SIZE = (32, 64)
PREPROCESS_INPUT = {
    "resnet50": keras.applications.resnet.preprocess_input,
    "resnet101": keras.applications.resnet.preprocess_input,
    "mobilenet_v2": keras.applications.mobilenet_v2.preprocess_input,
}
CREATE = {
    "resnet50": keras.applications.ResNet50,
    "resnet101": keras.applications.ResNet101,
    "mobilenet_v2": keras.applications.MobileNetV2,
}


def _settings(backbone: str, **changes) -> ModelSettings:
    small = {"aspp_filters": 8, "decoder_filters": 8, "low_level_filters": 4, "weights": "none", "input_size": SIZE}
    return ModelSettings(backbone=backbone, **{**small, **changes})


def _save_as_published(network: keras.Model, path: Path) -> None:
    """Writes weights as the files are that `keras.applications` downloads: Keras 2's HDF5, a group a layer."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in network.layers]
        for layer in network.layers:
            group = file.create_group(layer.name)
            names = [f"{layer.name}/{weight.name}:0" for weight in layer.weights]
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, weight in zip(names, layer.weights, strict=True):
                group[name] = weight.numpy()


@pytest.mark.parametrize("backbone", sorted(BACKBONES))
def test_published_weights_give_the_features_of_keras_applications(backbone, tmp_path):
    """From the image, with preprocessing, to the features that the pyramid and the decoder take, at stride 32."""
    random = np.random.default_rng(0)
    plain = CREATE[backbone](include_top=False, input_shape=(*SIZE, 3), weights=None)
    for layer in plain.layers:
        if isinstance(layer, keras.layers.BatchNormalization):  # as no new network has them
            scale, offset, mean, variance = (random.uniform(0.5, 1.5, weight.shape) for weight in layer.weights)
            layer.set_weights([scale, offset - 1, mean - 1, variance])
    path = tmp_path / "published_notop.h5"
    _save_as_published(plain, path)

    network = deeplab_v3_plus(_settings(backbone, weights=str(path), output_stride=32), 3)
    ours = keras.Model(network.input, [network.get_layer(name).input for name in ("decoder_low_level", "aspp_1x1")])
    theirs = keras.Model(plain.input, [plain.get_layer(BACKBONES[backbone].low_level).output, plain.output])
    image = random.uniform(0, 255, (1, *SIZE, 3)).astype(np.float32)
    expected = theirs(PREPROCESS_INPUT[backbone](image.copy()), training=False)
    for features, theirs_features in zip(ours(image, training=False), expected, strict=True):
        assert np.std(theirs_features) > 0.01
        np.testing.assert_allclose(features, theirs_features, rtol=1e-3, atol=1e-3 * np.abs(theirs_features).max())
    assert network.get_layer(backbone).count_params() == plain.count_params()


# Section 3.1 of arXiv 1706.05587: from where a stride is left out, the convolutions *behind* it are twice as far apart.
# By the layers' names: those that had the stride see the rate of the stage before.
_RESNET = {
    8: {"conv3": 1, "conv4": 2, "conv5": 4},
    16: {"conv3": 1, "conv4": 1, "conv5": 2},
}
_RESNET_UNITS = {"resnet50": {"conv3": 4, "conv4": 6, "conv5": 3}, "resnet101": {"conv3": 4, "conv4": 23, "conv5": 3}}
_MOBILENET = {
    8: [1] * 3 + [1] * 3 + [1] + [2] * 6 + [2] + [4] * 3,  # blocks 0-2, 3-5, 6, 7-12, 13, 14-16
    16: [1] * 13 + [1] + [2] * 3,
}


def _distances(backbone: str, output_stride: int) -> dict[str, int]:
    """How far apart in the input the pixels are that each 3x3 convolution sees, by its name."""
    if backbone == "mobilenet_v2":
        names = ["expanded_conv_depthwise", *(f"block_{block}_depthwise" for block in range(1, 17))]
        return dict(zip(names, _MOBILENET[output_stride], strict=True))
    return {
        f"{stage}_block{unit + 1}_2_conv": distance
        for stage, distance in _RESNET[output_stride].items()
        for unit in range(_RESNET_UNITS[backbone][stage])
    }


@pytest.mark.parametrize(
    ("backbone", "output_stride"),
    [("resnet50", 8), ("resnet50", 16), ("resnet101", 8), ("mobilenet_v2", 8), ("mobilenet_v2", 16)],
)
def test_an_impulse_is_seen_at_the_distance_of_every_dilation(backbone, output_stride):
    dilated = dilated_backbone(_settings(backbone, output_stride=output_stride))
    for name, distance in _distances(backbone, output_stride).items():
        layer = dilated.get_layer(name)
        if layer.strides != (1, 1):
            continue  # it sees what it always saw
        impulse = np.zeros((1, 17, 17, layer.input.shape[-1]), np.float32)
        impulse[:, 8, 8] = np.random.default_rng(0).normal(size=impulse.shape[-1])
        without = layer(np.zeros_like(impulse))
        seen = np.abs(layer(impulse) - without).max(axis=(0, 3)) > 1e-6
        expected = np.zeros((17, 17), bool)
        expected[np.ix_(*[[8 - distance, 8, 8 + distance]] * 2)] = True
        if layer.padding == "same":
            np.testing.assert_array_equal(seen, expected, err_msg=name)
        else:
            np.testing.assert_array_equal(seen, expected[1:-1, 1:-1], err_msg=name)
