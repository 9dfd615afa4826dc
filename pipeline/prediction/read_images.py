"""Reads the images that `find_images` found."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from pipeline.prediction.find_images import ImageFile, RecordFile
from schema.record import FILENAME, IMAGE


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


def read_images(sources: Sequence[ImageFile | RecordFile]) -> Iterator[ReadImage]:
    """Reads them one by one. Nothing that is wrong with one keeps the others from being read.

    An image of a TFRecord is named after its `image/filename`, if it has one that no image before it has, or else
    after its file and its position there.
    """
    taken = {source.name.lower() for source in sources if isinstance(source, ImageFile)}
    for source in sources:
        if isinstance(source, ImageFile):
            yield _read_file(source)
        else:
            yield from _read_records(source, taken)


def _read_file(source: ImageFile) -> ReadImage:
    try:
        return _decoded(str(source.path), source.name, source.path.read_bytes())
    except OSError as error:
        return ReadImage(str(source.path), fault=error.strerror or str(error))


def _read_records(source: RecordFile, taken: set[str]) -> Iterator[ReadImage]:
    import tensorflow as tf
    from google.protobuf.message import DecodeError

    from components.segmentation_example_gen.read_records import BadRecord, read_records

    for record in read_records(str(source.path)):
        place = f"{source.path}#{record.position}"
        if isinstance(record, BadRecord):
            yield ReadImage(place, fault=record.reason)
            continue
        try:
            features = tf.train.Example.FromString(record.serialized).features.feature
        except DecodeError:
            yield ReadImage(place, fault="expected a tf.Example")
            continue
        images, names = (features[key].bytes_list.value for key in (IMAGE, FILENAME))
        if len(images) != 1:
            yield ReadImage(place, fault=f"expected one image in {IMAGE}, found {len(images) or 'none'}")
            continue
        name = re.sub(r"[^\w.-]", "_", PurePosixPath(names[0].decode("utf-8", "replace")).stem) if names else ""
        if not name.strip("._") or name.lower() in taken:
            name = f"{source.path.name.split('.')[0]}-{record.position:06d}"
        taken.add(name.lower())
        yield _decoded(place, name, images[0])


def _decoded(place: str, name: str, encoded: bytes) -> ReadImage:
    try:
        with Image.open(io.BytesIO(encoded), formats=("JPEG", "PNG")) as image:
            return ReadImage(place, name, encoded, np.asarray(image.convert("RGB")))
    except UnidentifiedImageError:  # whose message names a buffer
        return ReadImage(place, fault="expected a JPEG or PNG image")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return ReadImage(place, fault=f"expected a whole JPEG or PNG image: {error}")
