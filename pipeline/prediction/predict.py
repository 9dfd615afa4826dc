"""Masks of images, from a pushed model."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TimeRemainingColumn

from components.pictures import overlay, palette_png
from components.segmentation_metrics.mask_ids import mask_ids
from pipeline.prediction.class_shares import class_shares
from pipeline.prediction.find_images import ImageFile, RecordFile, find_images
from pipeline.prediction.find_model import find_model
from pipeline.prediction.load_model import Model, ModelFault, load_model
from pipeline.prediction.read_images import ReadImage, read_images
from schema.exported_label_map import exported_label_map
from schema.label_map import LabelMap
from schema.user_error import UserError

SHARES = "class_shares.csv"
_BATCH = 4


class Predictions(NamedTuple):
    """The files written, and the images there are none for; each of these was reported on stderr."""

    written: list[Path]
    failed: list[str]


class _Pictures(NamedTuple):
    mask: npt.NDArray[np.uint8]  # [H, W] class indices
    palette_png: bytes
    overlay_jpeg: bytes


def predict(model: Path, inputs: Sequence[str], out: Path) -> Predictions:
    """Writes NAME.mask.png and NAME.overlay.jpg for each image, and class_shares.csv for all of them.

    The mask is a palette PNG: the dataset's colours in a viewer, the model's class ids in its pixels. Files of an
    earlier call are replaced; each file appears whole or not at all.

    Args:
        model: a SavedModel, a folder of numbered versions, of which the newest is taken, or the folder of a run.
        inputs: as `find_images` takes them. An image that cannot be read is reported and passed over.
        out: the folder to write to; made where it is missing.

    Raises:
        UserError: there is no model, or nothing to predict, two images would have the same outputs, an output would
            replace an image, or `out` cannot be written to.
    """
    sources = find_images(inputs)
    _check_replaced(sources, out)
    version = find_model(model)
    label_map = exported_label_map(str(version))
    segment = load_model(version)

    predictions = Predictions([], [])
    console = Console(stderr=True, soft_wrap=True)
    known = all(isinstance(source, ImageFile) for source in sources)
    columns = (BarColumn(), MofNCompleteColumn(), TaskProgressColumn(show_speed=True), TimeRemainingColumn())
    progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with class_shares(out / SHARES, label_map) as add_shares, progress:
        task = progress.add_task("", total=len(sources) if known else None)
        for image, pictures in _segment(segment, read_images(sources), label_map):
            progress.advance(task)
            if isinstance(pictures, str):
                console.print(f"{image.place}: no prediction: {pictures}", markup=False, highlight=False)
                predictions.failed.append(image.place)
                continue
            for suffix, encoded in ((".mask.png", pictures.palette_png), (".overlay.jpg", pictures.overlay_jpeg)):
                file = out / f"{image.name}{suffix}"
                _write(file, encoded)
                predictions.written.append(file)
            add_shares(image.name, pictures.mask)
    return predictions


def _check_replaced(sources: Sequence[ImageFile | RecordFile], out: Path) -> None:
    """Raises UserError when an output would replace an image."""
    inputs = {source.path.resolve() for source in sources}
    for source in sources:
        if isinstance(source, ImageFile):
            for suffix in (".mask.png", ".overlay.jpg"):
                file = out / f"{source.name}{suffix}"
                if file.resolve() in inputs:
                    raise UserError(
                        f"{file}: the output for {source.path} would replace this image; choose another --out"
                    )


def _segment(
    segment: Model, images: Iterator[ReadImage], label_map: LabelMap
) -> Iterator[tuple[ReadImage, _Pictures | str]]:
    """Each image with its mask and overlay, or with the reason why there are none."""
    while batch := list(islice(images, _BATCH)):
        masks = iter(segment([image.encoded for image in batch if image.fault is None]))
        for image in batch:
            yield image, image.fault if image.fault is not None else _draw(image, next(masks), label_map)


def _draw(image: ReadImage, mask_png: bytes | ModelFault, label_map: LabelMap) -> _Pictures | str:
    if isinstance(mask_png, ModelFault):
        return mask_png
    try:
        mask = np.asarray(mask_ids(mask_png), np.uint8)
        blended = io.BytesIO()
        Image.fromarray(overlay(image.pixels, mask, label_map)).save(blended, "JPEG", quality=90)
        return _Pictures(mask, palette_png(mask, label_map), blended.getvalue())
    except ValueError as error:
        return f"the model's mask does not fit: {error}"


def _write(path: Path, encoded: bytes) -> None:
    """Raises UserError where it cannot."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(encoded)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise UserError(f"{path}: cannot write: {error}") from error
