"""Masks of images, from a pushed model."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError
from rich.console import Console
from rich.progress import Progress

from components.pictures import overlay, palette_png
from components.segmentation_metrics.mask_ids import mask_ids
from schema.label_map import FILE_NAME, LabelMap
from schema.signatures import IMAGE_INPUT, IMAGE_SIGNATURE, MASK_OUTPUT
from schema.user_error import UserError

_SAVED_MODEL = "saved_model.pb"
_BATCH = 4

_Serve = Callable[[list[bytes]], list["bytes | str"]]


class Predictions(NamedTuple):
    """The files written, and the images there are none for; each of these was reported on stderr."""

    written: list[Path]
    failed: list[Path]


def predict(model_dir: Path, images: list[Path], out: Path) -> Predictions:
    """Writes NAME.mask.png and NAME.overlay.jpg for each image, NAME being its own without the suffix.

    The mask is a palette PNG: the dataset's colours in a viewer, the model's class ids in its pixels. Files of an
    earlier call are replaced; each file appears whole or not at all.

    Args:
        model_dir: a SavedModel, or a folder of numbered versions, of which the newest is taken.
        images: JPEG or PNG files. One that cannot be read is reported and passed over.
        out: the folder to write to; made where it is missing.

    Raises:
        UserError: there is no model, two images would have the same outputs, an output would replace an image, or
            `out` cannot be written to.
    """
    outputs = _outputs(images, out)
    version = _find_version(model_dir)
    label_map = LabelMap.load(version / "assets" / FILE_NAME)
    serve = _load(version)

    predictions = Predictions([], [])
    console = Console(stderr=True, soft_wrap=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        for path, pictures in progress.track(_segment(serve, images, label_map), total=len(images), description=""):
            if isinstance(pictures, str):
                console.print(f"{path}: no prediction: {pictures}", markup=False, highlight=False)
                predictions.failed.append(path)
                continue
            for file, encoded in zip(outputs[path], pictures, strict=True):
                _write(file, encoded)
                predictions.written.append(file)
    return predictions


def _outputs(images: list[Path], out: Path) -> dict[Path, tuple[Path, Path]]:
    """Mask and overlay file of each image. Raises UserError when one would replace another, or an image."""
    outputs: dict[Path, tuple[Path, Path]] = {}
    owners: dict[str, Path] = {}
    for path in images:
        # In lower case, because some file systems make no difference.
        other = owners.setdefault(path.stem.lower(), path)
        if path in outputs or other != path:
            raise UserError(
                f"{other} and {path} would both be written to {out / path.stem}.mask.png; "
                "give them different names, or predict them into different folders"
            )
        outputs[path] = (out / f"{path.stem}.mask.png", out / f"{path.stem}.overlay.jpg")
    inputs = {path.resolve() for path in images}
    for path, files in outputs.items():
        for file in files:
            if file.resolve() in inputs:
                raise UserError(f"{file}: the output for {path} would replace this image; choose another --out")
    return outputs


def _find_version(model_dir: Path) -> Path:
    """The folder itself when it is a SavedModel, else the highest version in it. Raises UserError."""
    if (model_dir / _SAVED_MODEL).is_file():
        return model_dir
    from components.pushed_models.find_pushed import find_pushed

    version = find_pushed(str(model_dir))
    if version is None:
        raise UserError(
            f"{model_dir}: no model here; expected a pushed version with {_SAVED_MODEL} in it, such as "
            "runs/shapes/serving/1700000000, or a folder of such versions"
        )
    return Path(version)


def _load(version: Path) -> _Serve:
    """A function from encoded images to their mask PNGs, with a reason instead of a mask where the model fails."""
    import tensorflow as tf

    try:
        model = tf.saved_model.load(str(version))
        model.signatures[IMAGE_SIGNATURE]
    except (OSError, ValueError, KeyError, tf.errors.OpError) as error:
        raise UserError(
            f"{version}: cannot load the model, expected a SavedModel with the signature {IMAGE_SIGNATURE}: {error}"
        ) from error

    def serve(encoded: list[bytes]) -> list[bytes | str]:
        if not encoded:
            return []
        try:
            # By way of `model`, to keep it: its variables go with it, though its signature stays.
            return list(model.signatures[IMAGE_SIGNATURE](**{IMAGE_INPUT: tf.constant(encoded)})[MASK_OUTPUT].numpy())
        except tf.errors.OpError as error:
            if len(encoded) == 1:
                # What happened stands between where (a stack trace) and the names of nodes.
                what = error.message.partition("\n\t [[")[0].splitlines()[-1:]
                return [f"the model failed: {(what or [type(error).__name__])[0].strip()}"]
            return [mask for one in encoded for mask in serve([one])]

    return serve


def _segment(
    serve: _Serve, images: list[Path], label_map: LabelMap
) -> Iterator[tuple[Path, tuple[bytes, bytes] | str]]:
    """Each image with its encoded mask and overlay, or with the reason why there are none."""
    for start in range(0, len(images), _BATCH):
        readable: list[tuple[Path, bytes, npt.NDArray[np.uint8]]] = []
        for path in images[start : start + _BATCH]:
            try:
                readable.append((path, *_read(path)))
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
                yield path, _reason(error)
        masks = serve([encoded for _, encoded, _ in readable])
        for (path, _, image), mask in zip(readable, masks, strict=True):
            yield path, mask if isinstance(mask, str) else _draw(image, mask, label_map)


def _read(path: Path) -> tuple[bytes, npt.NDArray[np.uint8]]:
    """The file and its pixels `[H, W, 3] uint8`, as stored: the model too does not turn them by EXIF."""
    encoded = path.read_bytes()
    with Image.open(io.BytesIO(encoded), formats=("JPEG", "PNG")) as image:
        return encoded, np.asarray(image.convert("RGB"))


def _draw(image: npt.NDArray[np.uint8], mask_png: bytes, label_map: LabelMap) -> tuple[bytes, bytes] | str:
    try:
        mask = np.asarray(mask_ids(mask_png), np.uint8)
        blended = io.BytesIO()
        Image.fromarray(overlay(image, mask, label_map)).save(blended, "JPEG", quality=90)
        return palette_png(mask, label_map), blended.getvalue()
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


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):  # whose message names a buffer
        return "expected a JPEG or PNG image"
    if isinstance(error, OSError) and error.strerror:  # without the path, which is named already
        return error.strerror
    return f"expected a whole JPEG or PNG image: {error}"
