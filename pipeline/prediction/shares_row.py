"""A row of the table of class shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from schema.label_map import LabelMap


def shares_row(name: str, mask: npt.NDArray[np.uint8], label_map: LabelMap) -> list[str]:
    """An image's name, height and width, and each class's share of its pixels, 0..1.

    Args:
        name: of the image.
        mask: `[H, W] uint8` class indices.
        label_map: its classes.
    """
    shares = np.bincount(mask.ravel(), minlength=len(label_map))[: len(label_map)] / mask.size
    return [name, *map(str, mask.shape), *(f"{share:.6f}" for share in shares)]
