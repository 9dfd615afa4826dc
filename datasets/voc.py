"""PASCAL VOC 2012 segmentation, with or without SBD."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from datasets.pair import Pair
from datasets.read_list import read_list
from datasets.read_mask import read_mask
from datasets.sample import Sample
from datasets.sbd import sbd_samples
from schema.label_map import LabelMap
from schema.user_error import UserError

_OFFICIAL = {"train": 1464, "val": 1449}  # images in VOC's lists
_TRAINAUG = 10582  # and in the train split that SBD makes of them

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
_READ = partial(read_mask, label_map=VOC_LABEL_MAP)


def voc_samples(root: str | Path, sbd_root: str | Path | None = None) -> dict[str, list[Sample]]:
    """The train and val splits, in the order of their lists.

    With SBD, train becomes what is known as trainaug, (VOC train ∪ SBD train ∪ SBD val) − VOC val: first VOC's own
    images with VOC's masks, then SBD's others.

    Args:
        root: the VOC2012 folder, with JPEGImages, SegmentationClass and ImageSets/Segmentation/{train,val}.txt.
        sbd_root: the benchmark_RELEASE folder of SBD, if it is wanted.

    Raises:
        UserError: a folder, a list, an image or a mask is missing, a list is empty, an image is in both splits, or
            VOC's official lists and SBD's do not make the 10582 images of trainaug.
    """
    root = Path(root)
    if not root.is_dir():
        raise UserError(f"{root}: no such folder; expected VOC2012 with JPEGImages, SegmentationClass and ImageSets")
    lists = root / "ImageSets" / "Segmentation"
    stems = {split: read_list(lists / f"{split}.txt") for split in ("train", "val")}
    for split, of_split in stems.items():
        if not of_split:
            raise UserError(f"{lists / f'{split}.txt'}: the list is empty, expected one image name a line")
    both = sorted(set(stems["train"]) & set(stems["val"]))
    if both:
        raise UserError(
            f"{lists}: {len(both)} images are in both train.txt and val.txt, e.g. {both[0]}; expected disjoint lists"
        )
    samples = {split: [_sample(root, stem) for stem in of_split] for split, of_split in stems.items()}
    if sbd_root is not None:
        samples["train"] += sbd_samples(sbd_root, leave_out={*stems["train"], *stems["val"]})
        _check_number(samples, stems, sbd_root)
    return samples


def _check_number(samples: dict[str, list[Sample]], stems: dict[str, list[str]], sbd_root: str | Path) -> None:
    number = len(samples["train"])
    if {split: len(of_split) for split, of_split in stems.items()} == _OFFICIAL and number != _TRAINAUG:
        voc = _OFFICIAL["train"]
        raise UserError(
            f"{sbd_root}: SBD adds {number - voc} images to the {voc} of VOC's train.txt, expected {_TRAINAUG - voc} "
            f"({_TRAINAUG} in all); its dataset/train.txt and val.txt should list 8498 and 2857 images"
        )


def _sample(root: Path, stem: str) -> Sample:
    pair = Pair(f"{stem}.jpg", root / "JPEGImages" / f"{stem}.jpg", root / "SegmentationClass" / f"{stem}.png")
    for path in (pair.image, pair.mask):
        if not path.is_file():
            raise UserError(f"{path}: no such file, though ImageSets/Segmentation lists {stem}")
    return pair.sample("voc", _READ)
