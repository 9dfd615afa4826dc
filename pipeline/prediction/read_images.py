"""Reads the images that `find_images` found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.prediction.find_images import ImageFile, RecordFile
from pipeline.prediction.read_image import ReadImage
from pipeline.prediction.read_record_images import read_record_images
from pipeline.prediction.record_names import RecordNames


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
        return ReadImage.decode(str(source.path), source.name, (root / source.path).read_bytes())
    except OSError as error:
        return ReadImage(str(source.path), fault=error.strerror or str(error))


def _read_records(source: RecordFile, root: Path, names: RecordNames) -> Iterator[ReadImage]:
    for image in read_record_images(root / source.path):
        place = f"{source.path}#{image.position}"
        if image.fault is not None:
            yield ReadImage(place, fault=image.fault)
        else:
            name = source.names[image.position] if source.names else names.of(source.path, image)
            yield ReadImage.decode(place, name, image.encoded)
