"""What is asked of an image before a model decodes it."""

from __future__ import annotations

import io

from PIL import Image

from pipeline.server.bad_request import BadRequestError
from pipeline.server.count_scans import count_scans

_MAX_SCANS = 100  # encoders make ten


def check_image(encoded: bytes, max_pixels: int) -> int:
    """Decodes nothing, so what an image claims costs nothing.

    Returns:
        Its pixels.

    Raises:
        BadRequestError: it is no JPEG or PNG (415), or has more pixels than that, or scans without end (413).
    """
    try:
        with Image.open(io.BytesIO(encoded), formats=("JPEG", "PNG")) as image:
            (width, height), form = image.size, image.format
    except Image.DecompressionBombError as error:
        raise BadRequestError(f"an image has more than {max_pixels:,} pixels", 413) from error
    except Exception as error:  # Pillow raises many kinds for a header that makes no sense
        raise BadRequestError("expected the bytes of a JPEG or PNG image", 415) from error
    if width * height > max_pixels:
        raise BadRequestError(f"an image is {width}x{height}; at most {max_pixels:,} pixels are taken", 413)
    if form == "JPEG" and count_scans(encoded, _MAX_SCANS) > _MAX_SCANS:
        raise BadRequestError(f"a JPEG has more than {_MAX_SCANS} scans", 413)
    return width * height
