"""The network that is exported."""

from __future__ import annotations

import keras

from models.network.deeplab_v3_plus import deeplab_v3_plus
from models.network.model_settings import ModelSettings


def evaluation_network(trained: keras.Model, settings: ModelSettings, num_classes: int) -> keras.Model:
    """The trained weights at any input size, and at the output stride of evaluation and serving.

    No weight depends on either (arXiv 1706.05587, section 4.1: trained at stride 16, evaluated at 8).

    Args:
        trained: of any input size and output stride.
        settings: `evaluation_output_stride` is read, by default `output_stride`.
        num_classes: C.

    Returns:
        A model from `[B, H, W, 3] float32, 0..255` RGB to `[B, H/4, W/4, C] float32` logits, H and W any multiples of
        the output stride.
    """
    stride = settings.evaluation_output_stride or settings.output_stride
    changes = {"output_stride": stride, "weights": "none"}
    network = deeplab_v3_plus(settings.model_copy(update=changes), num_classes, any_size=True)
    network.set_weights(trained.get_weights())
    return network
