"""Test-time augmentation."""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from models.network.views_settings import ViewsSettings

_STRIDE = 32  # sides that every output stride divides


def averaged_views(network: Callable[[tf.Tensor], tf.Tensor], image: tf.Tensor, views: ViewsSettings) -> tf.Tensor:
    """The mean of the class probabilities over all scales, each as it is and, if asked for, mirrored left and right.

    As in DeepLabV3+ (arXiv 1802.02611, section 4.2, table 3: "multi-scale inputs" and "left-right flipped inputs").

    Args:
        network: from `[1, h, w, 3] float32, 0..255` to `[1, h/4, w/4, C]` logits, for h and w any multiples of 32.
        image: `[1, H, W, 3] float32, 0..255`, H and W static.
        views: which there are.

    Returns:
        `[1, H/4, W/4, C] float32`, 0..1.
    """
    height, width = image.shape[1:3]
    seen = []
    for scale in views.scales:
        size = [max(_STRIDE, _STRIDE * round(side * scale / _STRIDE)) for side in (height, width)]
        scaled = image if scale == 1 else tf.image.resize(image, size, antialias=True)
        for mirrored in (False, True)[: 1 + views.flip]:
            probabilities = tf.nn.softmax(network(scaled[:, :, ::-1] if mirrored else scaled))
            if mirrored:
                probabilities = probabilities[:, :, ::-1]
            seen.append(tf.image.resize(probabilities, (height // 4, width // 4)))
    return tf.add_n(seen) / len(seen)
