"""Records as users' files hold them."""

import io
import struct
import zlib

import numpy as np
import tensorflow as tf
from PIL import Image

from schema.label_map import LabelMap

LABEL_MAP = LabelMap(names=("sky", "road", "car"), colors=((0, 0, 255), (90, 90, 90), (255, 0, 0)))
MASK = np.array([[0, 2, 2, 255], [2, 2, 0, 0]], np.uint8)  # one void pixel of eight, no road


def encode(image, form: str = "PNG", **options) -> bytes:
    """An image, or the pixels of one, as a file."""
    file = io.BytesIO()
    image = image if isinstance(image, Image.Image) else Image.fromarray(np.asarray(image))
    image.save(file, form, **options)
    return file.getvalue()


def encode_palette(ids, colors, bits: int = 8) -> bytes:
    image = Image.fromarray(np.asarray(ids, np.uint8))
    image.putpalette([value for color in colors for value in color])
    return encode(image, bits=bits)


def raw_png(
    width: int,
    height: int,
    bits: int,
    color_type: int,
    rows: bytes,
    *chunks: tuple[bytes, bytes],
    interlace: int = 0,
) -> bytes:
    """A PNG put together by hand; `chunks` (kind, data) go before the pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, interlace)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def noise(height: int = 2, width: int = 4, *channels: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, *(channels or (3,))), np.uint8)


IMAGE = encode(noise(), "JPEG")
GOOD = {
    "image/filename": b"a.jpg",
    "image/encoded": IMAGE,
    "image/segmentation/class/encoded": encode(MASK),
}


def example(features: dict) -> bytes:
    """A serialized tf.Example; None leaves a feature out."""
    return tf.train.Example(
        features=tf.train.Features(
            feature={key: _feature(value) for key, value in features.items() if value is not None}
        )
    ).SerializeToString()


def _feature(value) -> tf.train.Feature:
    values = value if isinstance(value, list) else [value]
    if all(isinstance(item, bytes) for item in values):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
    if all(isinstance(item, int) for item in values):
        return tf.train.Feature(int64_list=tf.train.Int64List(value=values))
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def values_of(example: tf.train.Example) -> dict:
    """Feature name -> list of values."""
    return {
        key: list(getattr(feature, feature.WhichOneof("kind")).value) if feature.WhichOneof("kind") else []
        for key, feature in example.features.feature.items()
    }


def write(path, records, compression: str = "") -> None:
    with tf.io.TFRecordWriter(str(path), compression) as writer:
        for record in records:
            writer.write(record)


def tfrecord(serialized: bytes) -> bytes:
    """A record as it lies in a plain file."""
    parts = (struct.pack("<Q", len(serialized)), serialized)
    return b"".join(part + struct.pack("<I", _masked_crc32c(part)) for part in parts)


def _masked_crc32c(data: bytes) -> int:
    """Bit by bit, as RFC 3720 has the polynomial, and rotated as TFRecord's format says."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
