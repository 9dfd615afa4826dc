"""Reads a mask of class ids, whatever form TFMA or a model hands it over in."""

import io
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

# Modes whose samples are the ids themselves. A palette image stays indices: its luminance is not its class.
_ID_MODES = ("L", "P")


def mask_ids(value: Any) -> npt.NDArray[np.integer]:
    """Returns the class ids of a mask.

    Args:
        value: PNG `bytes`, or an array of size 1 that holds them (`object` or `S` dtype, as TFMA delivers string
            features and predictions), or integer ids `[H, W]` or `[H, W, 1]`.

    Returns:
        `[H, W]`: uint8 from a PNG, the given dtype from an array (not copied).

    Raises:
        ValueError: `value` is none of these, is not a readable image, or is an image of colours, not of ids.
    """
    if isinstance(value, np.ndarray) and value.dtype.kind in "OS" and value.size == 1:
        value = value.item()
    if isinstance(value, bytes):
        return _decode_png(value)
    if not isinstance(value, np.ndarray):
        raise ValueError(f"a mask is PNG bytes or an integer array, got {type(value).__name__}")
    if value.dtype.kind not in "iu":
        raise ValueError(f"a mask array holds integer ids, got dtype {value.dtype} with shape {list(value.shape)}")
    if value.ndim == 3 and value.shape[-1] == 1:
        value = value[..., 0]
    if value.ndim != 2:
        raise ValueError(f"a mask array is [H, W] or [H, W, 1], got {list(value.shape)}")
    return value


def _decode_png(encoded: bytes) -> npt.NDArray[np.uint8]:
    try:
        with Image.open(io.BytesIO(encoded)) as image:
            if image.mode not in _ID_MODES:
                raise ValueError(f"a mask has one 8-bit channel of ids (PIL mode L or P), got mode {image.mode}")
            return np.asarray(image)
    except (OSError, SyntaxError) as error:  # PIL reports damaged chunks as SyntaxError
        raise ValueError(f"a mask of {len(encoded)} bytes is not a readable image: {error}") from error
