"""Reads the images that `find_images` found."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from pipeline.prediction.find_images import ImageFile, RecordFile
from pipeline.prediction.read_record_images import read_record_images
from pipeline.prediction.record_names import RecordNames


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


def read_images(sources: Sequence[ImageFile | RecordFile], root: Path) -> Iterator[ReadImage]:
    """Reads them one by one. Nothing that is wrong with one keeps the others from being read.

    Args:
        sources: in their order. Images of TFRecords get their names here, where they have none.
        root: the folder that relative paths are seen from.
    """
    names = RecordNames(sources)
    for source in sources:
        if isinstance(source, ImageFile):
            yield _read_file(source, root)
        else:
            yield from _read_records(source, root, names)


def _read_file(source: ImageFile, root: Path) -> ReadImage:
    try:
        return _decoded(str(source.path), source.name, (root / source.path).read_bytes())
    except OSError as error:
        return ReadImage(str(source.path), fault=error.strerror or str(error))


def _read_records(source: RecordFile, root: Path, names: RecordNames) -> Iterator[ReadImage]:
    for image in read_record_images(root / source.path):
        place = f"{source.path}#{image.position}"
        if image.fault is not None:
            yield ReadImage(place, fault=image.fault)
        else:
            name = source.names[image.position] if source.names else names.of(source.path, image)
            yield _decoded(place, name, image.encoded)


def _decoded(place: str, name: str, encoded: bytes) -> ReadImage:
    try:
        with Image.open(io.BytesIO(encoded), formats=("JPEG", "PNG")) as image:
            return ReadImage(place, name, encoded, np.asarray(image.convert("RGB")))
    except UnidentifiedImageError:  # whose message names a buffer
        return ReadImage(place, fault="expected a JPEG or PNG image")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return ReadImage(place, fault=f"expected a whole JPEG or PNG image: {error}")
