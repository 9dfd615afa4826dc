"""A network of a few layers in place of a backbone: what depends on none in particular is tested in seconds."""

from collections.abc import Iterator

import keras
import pytest

from models.network.backbones import BACKBONES, Backbone, Stage
from models.network.model_settings import ModelSettings

SETTINGS = ModelSettings(
    backbone="mobilenet_v2",
    weights="none",
    input_size=32,
    aspp_filters=4,
    atrous_rates=(6,),
    decoder_filters=4,
    low_level_filters=4,
    dropout=0.0,
)


def _create(settings: ModelSettings, shape: tuple[int, int, int], weights: str | None) -> keras.Model:
    layers = keras.layers
    image = keras.Input(shape)
    x = layers.Conv2D(8, 3, strides=4, padding="same", use_bias=False, name="stem")(image)
    x = layers.BatchNormalization(name="stem_bn")(x)
    low = layers.ReLU(name="low")(x)
    x = layers.Conv2D(8, 3, strides=2, padding="same", name="eighth")(low)
    x = layers.Conv2D(8, 3, strides=2, padding="same", name="sixteenth")(x)
    x = layers.BatchNormalization(name="sixteenth_bn")(x)
    return keras.Model(image, layers.Conv2D(8, 3, strides=2, padding="same", name="last")(x))


TINY = Backbone(
    create=_create,
    preprocess=lambda image: image / 127.5 - 1.0,
    low_level="low",
    stages=(Stage("sixteenth", "none"), Stage("last", "none")),
)


@pytest.fixture(scope="module")
def tiny_backbone() -> Iterator[None]:
    """`mobilenet_v2` is this network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(BACKBONES, "mobilenet_v2", TINY)
        yield
