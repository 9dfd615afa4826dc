"""Reads a mask file as class indices."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from schema.decode_mask import decode_mask
from schema.label_map import LabelMap
from schema.user_error import UserError


def read_mask(path: Path, label_map: LabelMap) -> np.ndarray:
    """`[H, W] uint8` class indices, 255 = void, of a PNG file that holds the dataset's own ids.

    Raises:
        UserError: the file is missing, is no PNG of ids, or holds an id outside the label map.
    """
    try:
        encoded = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot read the mask: {error}") from error
    return decode_mask(encoded, label_map, name=str(path)).classes
