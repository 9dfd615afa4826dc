"""An image to be predicted, decoded."""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError


class ReadImage(NamedTuple):
    """An image, or the reason why there is none.

    Args:
        place: what it is called in messages: its path, or `FILE#POSITION` in a TFRecord file.
        name: of its outputs.
        encoded: the bytes of its file.
        pixels: `[H, W, 3] uint8`, as stored: the model too does not turn them by EXIF.
        fault: the reason; all but `place` mean nothing then.
    """

    place: str
    name: str = ""
    encoded: bytes = b""
    pixels: npt.NDArray[np.uint8] = np.zeros((0, 0, 3), np.uint8)
    fault: str | None = None

    @classmethod
    def decode(cls, place: str, name: str, encoded: bytes) -> ReadImage:
        """The JPEG or PNG image of these bytes."""
        try:
            with Image.open(io.BytesIO(encoded), formats=("JPEG", "PNG")) as image:
                return cls(place, name, encoded, np.asarray(image.convert("RGB")))
        except UnidentifiedImageError:  # whose message names a buffer
            return cls(place, fault="expected a JPEG or PNG image")
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            return cls(place, fault=f"expected a whole JPEG or PNG image: {error}")
