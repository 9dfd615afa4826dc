"""Parameters and multiply-adds of DeepLabV3+ against the papers' architecture, layer by layer, and published figures.

What is published, and what the formula here must give as well:

- ResNet-50 on 224x224: 3.8e9 multiply-adds, with its classifier (He et al. 2015, arXiv 1512.03385, table 1).
- DeepLabV3+ on ResNet-50, 21 classes: 26 682 725 trainable parameters in segmentation_models.pytorch, whose pyramid
  and decoder are separable as ours (github.com/qubvel-org/segmentation_models.pytorch, issue 819).
"""

from typing import NamedTuple

import keras
import pytest

from models.network.deeplab_v3_plus import deeplab_v3_plus
from models.network.model_settings import ModelSettings

pytestmark = pytest.mark.slow

CLASSES = 21
WITHIN = 0.02


class Convolution(NamedTuple):
    """Args:
    side: of its output, in pixels.
    taps: of its kernel.
    inputs: channels that one output channel sees.
    outputs: channels.
    """

    side: int
    taps: int
    inputs: int
    outputs: int

    @property
    def multiply_adds(self) -> int:
        return self.side**2 * self.taps * self.inputs * self.outputs

    @property
    def parameters(self) -> int:
        """Those of the batch norm behind it among them: a scale and an offset a channel."""
        return (self.taps * self.inputs + 2) * self.outputs


def resnet50(side: int, output_stride: int) -> list[Convolution]:
    """Of table 1, 50 layers; a stage halves the side in its first 1x1 convolutions."""
    convolutions = [Convolution(side // 2, 49, 3, 64)]
    side, stride, inputs = side // 4, 4, 64
    for stage, (units, width) in enumerate([(3, 64), (4, 128), (6, 256), (3, 512)]):
        if stage and stride < output_stride:
            side, stride = side // 2, 2 * stride
        for unit in range(units):
            convolutions += [
                Convolution(side, 1, inputs, width),
                Convolution(side, 9, width, width),
                Convolution(side, 1, width, 4 * width),
            ]
            if unit == 0:
                convolutions.append(Convolution(side, 1, inputs, 4 * width))
            inputs = 4 * width
    return convolutions


def separable(side: int, inputs: int, outputs: int) -> list[Convolution]:
    return [Convolution(side, 9, 1, inputs), Convolution(side, 1, inputs, outputs)]


def deeplab(side: int, output_stride: int, branch) -> list[Convolution]:
    """arXiv 1802.02611, section 3.1 and 4: pyramid of 256 channels, decoder of [3x3, 256] twice, 48 of stride 4.

    Args:
        side: of the image, in pixels.
        output_stride: of the encoder.
        branch: the convolutions of an atrous branch of the pyramid.
    """
    low, high = side // 4, side // output_stride
    return [
        *resnet50(side, output_stride),
        Convolution(high, 1, 2048, 256),
        *(convolution for _ in range(3) for convolution in branch(high, 2048, 256)),
        Convolution(1, 1, 2048, 256),
        Convolution(high, 1, 5 * 256, 256),
        Convolution(low, 1, 256, 48),
        *separable(low, 256 + 48, 256),
        *separable(low, 256, 256),
        Convolution(low, 1, 256, CLASSES),
    ]


def plain(side: int, inputs: int, outputs: int) -> list[Convolution]:
    return [Convolution(side, 9, inputs, outputs)]


def multiply_adds(convolutions: list[Convolution]) -> int:
    return sum(convolution.multiply_adds for convolution in convolutions)


def parameters(convolutions: list[Convolution]) -> int:
    return sum(convolution.parameters for convolution in convolutions)


def counted(network: keras.Model) -> int:
    """Multiply-adds of all convolutions of a built network."""
    total = 0
    for layer in network._flatten_layers(include_self=False):
        if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
            total += layer.output.shape[1] * layer.output.shape[2] * layer.kernel.numpy().size
    return total


def _trainable(network: keras.Model) -> int:
    return sum(weight.numpy().size for weight in network.trainable_weights)


def test_the_formula_gives_what_is_published():
    classifier = 2048 * 1000
    assert multiply_adds(resnet50(224, 32)) + classifier == pytest.approx(3.8e9, rel=WITHIN)
    assert parameters(deeplab(512, 16, separable)) == pytest.approx(26_682_725, rel=WITHIN)


@pytest.mark.parametrize(
    ("aspp", "branch", "output_stride"),
    [("separable", separable, 16), ("separable", separable, 8), ("plain", plain, 16)],
)
def test_cost_at_512x512(aspp, branch, output_stride):
    settings = ModelSettings(backbone="resnet50", weights="none", output_stride=output_stride, aspp=aspp)
    assert settings.input_size == (512, 512)
    network = deeplab_v3_plus(settings, CLASSES)
    expected = deeplab(512, output_stride, branch)
    assert counted(network) == pytest.approx(multiply_adds(expected), rel=WITHIN)
    assert _trainable(network) == pytest.approx(parameters(expected), rel=WITHIN)
    if aspp == "separable":
        assert _trainable(network) == pytest.approx(26_682_725, rel=WITHIN)
