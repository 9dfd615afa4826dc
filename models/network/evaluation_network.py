"""The network that is exported."""

from __future__ import annotations

import keras

from models.network.deeplab_v3_plus import deeplab_v3_plus
from models.settings import ModelSettings


def evaluation_network(trained: keras.Model, settings: ModelSettings, num_classes: int) -> keras.Model:
    """The trained weights at the input size and the output stride of evaluation and serving.

    No weight depends on either (arXiv 1706.05587, section 4.1: trained at stride 16, evaluated at 8).

    Args:
        trained: of any input size and output stride.
        settings: `evaluation_output_stride` is read, by default `output_stride`.
        num_classes: C.
    """
    stride = settings.evaluation_output_stride or settings.output_stride
    network = deeplab_v3_plus(settings.model_copy(update={"output_stride": stride, "weights": "none"}), num_classes)
    network.set_weights(trained.get_weights())
    return network
