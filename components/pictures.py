"""Pictures of masks: palette PNGs, overlays, and thumbnails that an HTML page carries in itself."""

from __future__ import annotations

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from schema.label_map import LabelMap
from schema.record import VOID

WRONG = (255, 176, 0)  # against dark grey, told by anyone, in print too

_DIM = (20 + 0.38 * np.arange(256)).astype(np.uint8)  # by grey level
_HATCH = 150  # grey level


def palette_png(mask: npt.NDArray[np.uint8], label_map: LabelMap) -> bytes:
    """A PNG that any viewer shows in the dataset's colours, while its pixels stay the class ids.

    Read it with Pillow: TensorFlow's `decode_png(channels=1)` gives the luminance of the colours instead.

    Args:
        mask: `[H, W] uint8` class indices, 255 = void, which is shown white.
        label_map: its palette.

    Raises:
        ValueError: the mask has another shape or dtype.
    """
    return _encode(_palette_image(mask, label_map), "PNG")


def overlay(
    image: npt.NDArray[np.uint8], mask: npt.NDArray[np.uint8], label_map: LabelMap, opacity: float = 0.6
) -> npt.NDArray[np.uint8]:
    """The image under its mask's colours, `[H, W, 3] uint8`; void pixels are the image's own.

    Args:
        image: `[H, W, 3] uint8`.
        mask: `[H, W] uint8` class indices, 255 = void.
        label_map: its palette.
        opacity: of the colours, 0..1, in steps of 1/255.

    Raises:
        ValueError: a shape or dtype is another, or the opacity is out of range.
    """
    _check_image(image)
    _check_mask(mask)
    if image.shape[:2] != mask.shape:
        raise ValueError(f"the image has shape {list(image.shape)}, but its mask has {list(mask.shape)}")
    if not 0 <= opacity <= 1:
        raise ValueError(f"the opacity must be in 0..1, got {opacity}")
    alpha = np.where(mask == VOID, 0, round(255 * opacity)).astype(np.uint8)
    # Pillow blends in bytes; in floats, a photograph of 24 megapixels would need a gigabyte.
    colors = Image.fromarray(label_map.palette[mask])
    return np.asarray(Image.composite(colors, Image.fromarray(image), Image.fromarray(alpha)))


def thumbnail(image: npt.NDArray[np.uint8], max_side: int) -> str:
    """A JPEG data URI of the image `[H, W, 3] uint8`, shrunk until neither side exceeds `max_side` pixels.

    Raises:
        ValueError: the image has another shape or dtype.
    """
    _check_image(image)
    small = Image.fromarray(image)
    small.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return _data_uri(_encode(small, "JPEG", quality=85), "jpeg")


def mask_thumbnail(mask: npt.NDArray[np.uint8], label_map: LabelMap, max_side: int) -> str:
    """A palette PNG data URI of the mask `[H, W] uint8`, shrunk like `thumbnail`; no new ids at the borders.

    Raises:
        ValueError: the mask has another shape or dtype.
    """
    small = _palette_image(mask, label_map)
    small.thumbnail((max_side, max_side), Image.Resampling.NEAREST)
    return _data_uri(_encode(small, "PNG"), "png")


def overlay_thumbnail(
    image: npt.NDArray[np.uint8], mask: npt.NDArray[np.uint8], label_map: LabelMap, max_side: int
) -> str:
    """A JPEG data URI of the image under its mask's colours, void hatched white, shrunk like `mask_thumbnail`.

    Args:
        image: `[H, W, 3] uint8`.
        mask: `[H, W] uint8` class indices, 255 = void.
        label_map: its palette.
        max_side: pixels.

    Raises:
        ValueError: a shape or dtype is another.
    """
    _check_image(image)
    _check_mask(mask)
    if image.shape[:2] != mask.shape:
        raise ValueError(f"the image has shape {list(image.shape)}, but its mask has {list(mask.shape)}")
    small = Image.fromarray(image)
    small.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    small_mask = np.asarray(Image.fromarray(mask).resize(small.size, Image.Resampling.NEAREST))
    pixels = overlay(np.asarray(small), small_mask, label_map, 0.5).copy()
    pixels[_hatched(small_mask == VOID)] = 255
    return _data_uri(_encode(Image.fromarray(pixels), "JPEG", quality=85), "jpeg")


def difference_thumbnail(
    image: npt.NDArray[np.uint8], truth: npt.NDArray[np.uint8], prediction: npt.NDArray[np.uint8], max_side: int
) -> str:
    """A JPEG data URI that shows where a prediction is wrong, shrunk like `mask_thumbnail`.

    The image is dark grey, wrong pixels are `WRONG`, void ones hatched.

    Args:
        image: `[H, W, 3] uint8`.
        truth: `[H, W] uint8` class indices, 255 = void.
        prediction: `[H, W] uint8` class indices; whatever is no class is wrong.
        max_side: pixels.

    Raises:
        ValueError: a shape or dtype is another.
    """
    _check_image(image)
    for mask in (truth, prediction):
        _check_mask(mask)
        if image.shape[:2] != mask.shape:
            raise ValueError(f"the image has shape {list(image.shape)}, but a mask of it has {list(mask.shape)}")
    small = Image.fromarray(image).convert("L")
    small.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    is_void, is_wrong = (
        np.asarray(Image.fromarray(where).resize(small.size, Image.Resampling.NEAREST))
        for where in (truth == VOID, (truth != prediction) & (truth != VOID))
    )
    pixels = np.repeat(_DIM[np.asarray(small)][..., None], 3, axis=-1)
    pixels[_hatched(is_void)] = _HATCH
    pixels[is_wrong] = WRONG
    # Full colour resolution: the borders of what is wrong are what one looks at.
    return _data_uri(_encode(Image.fromarray(pixels), "JPEG", quality=88, subsampling=0), "jpeg")


def _hatched(where: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Diagonal stripes of the pixels, `[H, W] bool`."""
    height, width = where.shape
    return where & ((np.arange(height)[:, None] + np.arange(width)) % 8 < 3)


def _palette_image(mask: npt.NDArray[np.uint8], label_map: LabelMap) -> Image.Image:
    _check_mask(mask)
    image = Image.fromarray(mask)
    image.putpalette(label_map.palette.tobytes())  # turns mode L into P and leaves the pixels
    return image


def _encode(image: Image.Image, form: str, **options: int) -> bytes:
    encoded = io.BytesIO()
    image.save(encoded, form, **options)
    return encoded.getvalue()


def _data_uri(encoded: bytes, form: str) -> str:
    return f"data:image/{form};base64,{base64.b64encode(encoded).decode('ascii')}"


def _check_image(image: npt.NDArray[np.uint8]) -> None:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(f"an image is [H, W, 3] uint8, got {list(image.shape)} {image.dtype}")


def _check_mask(mask: npt.NDArray[np.uint8]) -> None:
    if mask.ndim != 2 or mask.dtype != np.uint8:
        raise ValueError(f"a mask is [H, W] uint8, got {list(mask.shape)} {mask.dtype}")
