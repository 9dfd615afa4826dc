"""PASCAL VOC 2012 segmentation."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from datasets.read_mask import read_mask
from datasets.sample import Sample
from schema.label_map import LabelMap
from schema.user_error import UserError

_NAMES = (
    "background",
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "diningtable",
    "dog",
    "horse",
    "motorbike",
    "person",
    "pottedplant",
    "sheep",
    "sofa",
    "train",
    "tvmonitor",
)


def _color(index: int) -> tuple[int, int, int]:
    """The official colour map: bits 0, 1, 2 of the index go to red, green, blue, most significant bit first."""
    red = green = blue = 0
    for shift in range(7, -1, -1):
        red |= (index & 1) << shift
        green |= (index >> 1 & 1) << shift
        blue |= (index >> 2 & 1) << shift
        index >>= 3
    return red, green, blue


VOC_LABEL_MAP = LabelMap(names=_NAMES, colors=tuple(_color(index) for index in range(len(_NAMES))))


def voc_samples(root: str | Path) -> dict[str, list[Sample]]:
    """The train and val splits, in the order of their lists.

    Args:
        root: the VOC2012 folder, with JPEGImages, SegmentationClass and ImageSets/Segmentation/{train,val}.txt.

    Raises:
        UserError: the folder, a list, an image or a mask is missing, or an image is in both splits.
    """
    root = Path(root)
    if not root.is_dir():
        raise UserError(f"{root}: no such folder; expected VOC2012 with JPEGImages, SegmentationClass and ImageSets")
    stems = {split: _read_list(root / "ImageSets" / "Segmentation" / f"{split}.txt") for split in ("train", "val")}
    both = sorted(set(stems["train"]) & set(stems["val"]))
    if both:
        raise UserError(
            f"{root / 'ImageSets' / 'Segmentation'}: {len(both)} images are in both train.txt and val.txt, "
            f"e.g. {both[0]}; expected disjoint lists"
        )
    return {split: [_sample(root, stem) for stem in of_split] for split, of_split in stems.items()}


def _read_list(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot read the list of images, expected one name a line: {error}") from error
    stems = [line.strip() for line in lines if line.strip()]
    if not stems:
        raise UserError(f"{path}: the list is empty, expected one image name a line")
    return stems


def _sample(root: Path, stem: str) -> Sample:
    image = root / "JPEGImages" / f"{stem}.jpg"
    mask = root / "SegmentationClass" / f"{stem}.png"
    for path in (image, mask):
        if not path.is_file():
            raise UserError(f"{path}: no such file, though ImageSets/Segmentation lists {stem}")
    return Sample(filename=image.name, source="voc", load=partial(_load, image, mask))


def _load(image: Path, mask: Path) -> tuple[bytes, np.ndarray]:
    try:
        return image.read_bytes(), read_mask(mask, VOC_LABEL_MAP)
    except OSError as error:
        raise UserError(f"{image}: cannot read the image: {error}") from error
