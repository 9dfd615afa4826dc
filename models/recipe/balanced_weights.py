"""Class weights for the loss."""

from __future__ import annotations

from collections.abc import Sequence


def balanced_weights(class_pixels: Sequence[int], exponent: float) -> list[float]:
    """Median-frequency weights, softened.

    After Eigen and Fergus 2015 (arXiv 1411.4734, section 6.3.2), but with frequencies over the pixels of all images,
    not only of those that show the class.

    Args:
        class_pixels: training pixels of each class; one that never occurs weighs 1.
        exponent: 0 gives 1 everywhere, 1 weighs all classes alike in sum, 0.5 lies between.

    Returns:
        (median / pixels) ** exponent for each class, the median over the classes that occur.
    """
    occurring = sorted(int(count) for count in class_pixels if count)
    if not occurring:
        return [1.0] * len(class_pixels)
    half = len(occurring) // 2
    median = occurring[half] if len(occurring) % 2 else (occurring[half - 1] + occurring[half]) / 2
    return [(median / int(count)) ** exponent if count else 1.0 for count in class_pixels]
