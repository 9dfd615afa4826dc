"""One labelled image as a tf.train.Example of the record contract."""

from __future__ import annotations

import io

import numpy as np
import tensorflow as tf
from PIL import Image

from schema import record
from schema.decode_mask import MAX_PIXELS
from schema.label_map import LabelMap
from schema.user_error import UserError

_MAGIC = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}


def make_record(
    image: bytes,
    mask: np.ndarray,
    label_map: LabelMap,
    *,
    filename: str,
    source: str,
    encoded_mask: bytes | None = None,
) -> tf.train.Example:
    """Checks a labelled image and puts it in the record contract.

    Args:
        image: a JPEG or PNG file; its bytes are passed through untouched.
        mask: `[H, W] uint8` class indices (positions in the label map), 255 = void.
        label_map: only its number of classes matters here.
        filename: the image's name, kept in the record and used in error messages.
        source: the dataset's name.
        encoded_mask: the PNG that `mask` was read from, if any: it is kept where it holds these very indices, which
            saves most of the time.

    Raises:
        UserError: one line that starts with `filename`: the image is not a whole JPEG or PNG or too large, the mask
            is of another size, holds an index outside the label map, or comes from a PNG that is not whole.
        TypeError: the mask is not `[H, W] uint8`.
    """
    if mask.ndim != 2 or mask.dtype != np.uint8:
        raise TypeError(f"{filename}: a mask is [H, W] uint8, got {list(mask.shape)} {mask.dtype}")
    image_format = next((name for magic, name in _MAGIC.items() if image.startswith(magic)), None)
    if image_format is None:
        raise UserError(f"{filename}: expected a JPEG or PNG image, got a file that starts with {image[:8]!r}")
    height, width, channels = _decoded_shape(image, image_format, filename)
    if mask.shape != (height, width):
        raise UserError(
            f"{filename}: the mask is {mask.shape[1]}x{mask.shape[0]} pixels (width x height), "
            f"expected {width}x{height} as the image"
        )
    counts = np.bincount(mask.ravel(), minlength=256)
    unknown = np.flatnonzero(counts[len(label_map) : record.VOID]) + len(label_map)
    if len(unknown):
        raise UserError(
            f"{filename}: mask ids outside the label map: {', '.join(map(str, unknown[:5]))}"
            f"{', ...' if len(unknown) > 5 else ''}; expected 0..{len(label_map) - 1} or {record.VOID} (void)"
        )
    if encoded_mask is None or not _reads_as(encoded_mask, mask, filename):
        encoded_mask = _encode(mask)
    features = {
        record.IMAGE: _bytes(image),
        record.FILENAME: _bytes(filename.encode()),
        record.IMAGE_FORMAT: _bytes(image_format.encode()),
        record.HEIGHT: _int(height),
        record.WIDTH: _int(width),
        record.CHANNELS: _int(channels),
        record.MASK: _bytes(encoded_mask),
        record.MASK_FORMAT: _bytes(b"png"),
        record.SOURCE: _bytes(source.encode()),
    }
    return tf.train.Example(features=tf.train.Features(feature=features))


def _decoded_shape(image: bytes, image_format: str, filename: str) -> tuple[int, int, int]:
    """(height, width, channels) as TensorFlow, which will read the record, decodes it."""
    expected = f"expected a whole {image_format.upper()}"
    try:
        with Image.open(io.BytesIO(image), formats=[image_format.upper()]) as header:
            width, height = header.size
    except Image.DecompressionBombError as error:
        raise UserError(f"{filename}: too many pixels, at most {MAX_PIXELS} are read") from error
    except Exception as error:  # Pillow's parsers let out more than OSError
        raise UserError(f"{filename}: cannot read the image header, {expected}") from error
    if width * height > MAX_PIXELS:
        raise UserError(f"{filename}: {width}x{height} pixels, at most {MAX_PIXELS} are read")
    try:
        decoded = tf.io.decode_image(image, expand_animations=False)
    except tf.errors.OpError as error:
        raise UserError(f"{filename}: the image is truncated or corrupt, {expected}") from error
    return tuple(decoded.shape)


def _reads_as(encoded: bytes, mask: np.ndarray, filename: str) -> bool:
    """Whether TensorFlow finds `mask` in a PNG; Pillow, more lenient, fills what is missing in one with zeros."""
    try:
        decoded = tf.io.decode_png(encoded, channels=1)  # `[H, W, 1] uint8`, the luminance of a palette
    except tf.errors.OpError as error:
        raise UserError(f"{filename}: the mask is truncated or corrupt, expected a whole PNG") from error
    is_grey = encoded[25] == 0
    return is_grey and np.array_equal(decoded[..., 0], mask)


def _encode(mask: np.ndarray) -> bytes:
    """A one-channel PNG."""
    png = io.BytesIO()
    Image.fromarray(mask).save(png, "PNG", optimize=True)
    return png.getvalue()


def _bytes(value: bytes) -> tf.train.Feature:
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))


def _int(value: int) -> tf.train.Feature:
    return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))
