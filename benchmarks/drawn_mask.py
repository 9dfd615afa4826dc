"""Draws a mask like PASCAL VOC's: where there is no real data, and where a benchmark needs many."""

import numpy as np

from schema.record import VOID


def drawn_mask(random: np.random.Generator, num_classes: int, size: tuple[int, int] = (375, 500)) -> np.ndarray:
    """A mask `[*size] uint8`: three discs of classes 1..`num_classes` - 1 with a void border, on class 0.

    Args:
        random: the only source of randomness.
        num_classes: background included.
        size: height and width in pixels.
    """
    y, x = np.mgrid[: size[0], : size[1]]
    ids = np.zeros(size, np.uint8)
    for class_id in random.integers(1, num_classes, 3):
        centre, radius = random.uniform(0.2, 0.8, 2) * size, random.uniform(40, 120)
        distance = np.hypot(y - centre[0], x - centre[1])
        ids[distance < radius + 5] = VOID
        ids[distance < radius] = class_id
    return ids
