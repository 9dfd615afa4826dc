"""Checks an encoded image against the size of its mask."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import NamedTuple

import tensorflow as tf
from PIL import Image

from schema.decode_mask import MAX_PIXELS
from schema.record_error import RecordError

_MAGIC = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}
_ORIENTATION = 0x112  # the EXIF tag
_UPRIGHT = 1
_SIDEWAYS = (5, 6, 7, 8)  # orientations that swap width and height


class CheckedImage(NamedTuple):
    """What an image is, as stored: its EXIF orientation is left aside, as TensorFlow does.

    Args:
        format: jpeg | png.
        height: pixels.
        width: pixels.
        channels: 1 to 4.
        is_turned: whether viewers that honour its EXIF orientation show it otherwise.
    """

    format: str
    height: int
    width: int
    channels: int
    is_turned: bool


def check_image(image: bytes, mask_size: tuple[int, ...], *, name: str) -> CheckedImage:
    """Decodes a JPEG or PNG file whole, as the later readers of the record will.

    Args:
        image: the file.
        mask_size: height and width of its mask.
        name: what the image is called in error messages.

    Raises:
        RecordError: it is not a whole JPEG or PNG, too large, or not of its mask's size.
    """
    form = next((form for magic, form in _MAGIC.items() if image.startswith(magic)), None)
    if form is None:
        kind = "expected a JPEG or PNG image"
        raise RecordError(name, kind, f"{kind}, got a file that starts with {image[:8]!r}")
    (width, height), orientation = _header(image, form, name)
    if mask_size != (height, width):
        raise _wrong_size(mask_size, (height, width), orientation, name)
    try:
        decoded = tf.io.decode_image(image, expand_animations=False)
    except tf.errors.OpError as error:
        kind = f"the image is truncated or corrupt, expected a whole {form.upper()}"
        raise RecordError(name, kind) from error
    return CheckedImage(form, height, width, decoded.shape[2], orientation != _UPRIGHT)


def _header(image: bytes, form: str, name: str) -> tuple[tuple[int, int], int]:
    """((width, height), EXIF orientation)."""
    too_large = f"the image is too large, at most {MAX_PIXELS} pixels are read"
    try:
        with Image.open(io.BytesIO(image), formats=[form.upper()]) as header:
            size, orientation = header.size, _orientation(header.info.get("exif"))
    except Image.DecompressionBombError as error:
        raise RecordError(name, too_large, f"too many pixels, at most {MAX_PIXELS} are read") from error
    except Exception as error:  # Pillow's parsers let out more than OSError
        raise RecordError(name, f"cannot read the image header, expected a whole {form.upper()}") from error
    if size[0] * size[1] > MAX_PIXELS:
        raise RecordError(name, too_large, f"{size[0]}x{size[1]} pixels, at most {MAX_PIXELS} are read")
    return size, orientation


def _orientation(exif: bytes | None) -> int:
    """1 to 8; 1 where there is none, or none that can be read."""
    tags = Image.Exif()
    if exif:
        with suppress(Exception):  # a broken EXIF block does no harm to the pixels
            tags.load(exif)
            if tags.get(_ORIENTATION) in range(1, 9):
                return tags[_ORIENTATION]
    return _UPRIGHT


def _wrong_size(mask: tuple[int, ...], image: tuple[int, int], orientation: int, name: str) -> RecordError:
    if orientation in _SIDEWAYS and mask == image[::-1]:
        return RecordError(
            name,
            "the mask fits the image only as its EXIF orientation turns it",
            f"the mask is {mask[1]}x{mask[0]} pixels (width x height) and fits the image only as its EXIF orientation "
            f"{orientation} turns it, expected {image[1]}x{image[0]} as its pixels are stored: turn the pixels of the "
            "image and drop the tag, or turn the mask",
        )
    return RecordError(
        name,
        "the mask is not of the image's size",
        f"the mask is {mask[1]}x{mask[0]} pixels (width x height), expected {image[1]}x{image[0]} as the image",
    )
