"""Pairs the images below one folder with the masks below another."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from datasets.list_faults import list_faults
from datasets.pair import Pair
from schema.user_error import UserError

_IMAGES = (".jpg", ".jpeg", ".png")
_MASKS = (".png",)


def pair_files(images: Path, masks: Path, *, image_suffix: str = "", mask_suffix: str = "") -> list[Pair]:
    """Every image with its mask, sorted; a pair's name is the image's path below `images`.

    Two files are a pair when their paths below `images` and `masks` are the same but for suffixes and extensions:
    images/aachen/1_photo.jpg and masks/aachen/1_labels.png with the suffixes _photo and _labels. Files of other
    names or kinds are none of ours, hidden ones neither. The folders may be one; a mask is no image then.

    Args:
        images: the folder of JPEG and PNG files.
        masks: the folder of PNG files.
        image_suffix: what the names of images end in, before the extension.
        mask_suffix: the same of masks.

    Raises:
        UserError: a folder is missing or has no images, or files without a partner or with two: the first few of
            them and their number.
    """
    mask_files = _files(masks, _MASKS, mask_suffix, "masks")
    taken = {path for paths in mask_files.values() for path in paths} if images == masks else set()
    image_files = _files(images, _IMAGES, image_suffix, "images", but_not=taken)
    faults = []
    for key in sorted({*image_files, *mask_files}):
        of_image, of_mask = image_files.get(key, []), mask_files.get(key, [])
        if not of_mask:
            faults.append(f"{of_image[0]}: no mask {masks / key}{mask_suffix}.png")
        elif not of_image:
            faults.append(f"{of_mask[0]}: no image {images / key}{image_suffix}.jpg, .jpeg or .png")
        elif len(of_image) > 1 or len(of_mask) > 1:
            faults.append(f"of one name: {', '.join(map(str, [*of_image, *of_mask]))}")
    if faults:
        raise UserError(
            f"{images} and {masks}: {len(faults)} of {len({*image_files, *mask_files})} names do not make a pair of "
            f"one image and one mask:{list_faults(faults)}"
        )
    return [
        Pair(path.relative_to(images).as_posix(), path, mask_files[key][0])
        for key, (path,) in sorted(image_files.items())
    ]


def _files(
    folder: Path, extensions: Collection[str], suffix: str, what: str, but_not: Collection[Path] = ()
) -> dict[str, list[Path]]:
    """Paths by what they have in common with their partners'."""
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; expected one of {what}")
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in below.parts)
        if path.suffix.lower() not in extensions or is_hidden or not path.stem.endswith(suffix):
            continue
        if path not in but_not and path.is_file():
            files.setdefault(below.with_suffix("").as_posix().removesuffix(suffix), []).append(path)
    if not files:
        raise UserError(f"{folder}: no {what}, expected files named *{suffix} with one of {', '.join(extensions)}")
    return files
