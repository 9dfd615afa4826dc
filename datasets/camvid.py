"""CamVid in 11 classes, as SegNet's authors share it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from datasets.pair_files import pair_files
from datasets.read_mask import read_mask
from datasets.sample import Sample
from schema.label_map import LabelMap

CAMVID_LABEL_MAP = LabelMap(
    names=(
        "Sky",
        "Building",
        "Pole",
        "Road",
        "Pavement",
        "Tree",
        "SignSymbol",
        "Fence",
        "Car",
        "Pedestrian",
        "Bicyclist",
    ),
    colors=(
        (128, 128, 128),
        (128, 0, 0),
        (192, 192, 128),
        (128, 64, 128),
        (0, 0, 192),
        (128, 128, 0),
        (192, 128, 128),
        (64, 64, 128),
        (64, 0, 128),
        (64, 64, 0),
        (0, 128, 192),
    ),
    void_id=11,  # Unlabelled
)


def camvid_samples(root: str | Path) -> dict[str, list[Sample]]:
    """The train and val splits, and test where there is one, in the order of the file names.

    Args:
        root: the folder with train, trainannot, val, valannot and perhaps test, testannot.

    Raises:
        UserError: a folder is missing or has no images, or an image has no mask or a mask no image.
    """
    root = Path(root)
    has_test = (root / "test").is_dir() or (root / "testannot").is_dir()
    read = partial(read_mask, label_map=CAMVID_LABEL_MAP)
    return {
        split: [pair.sample("camvid", read) for pair in pair_files(root / split, root / f"{split}annot")]
        for split in ("train", "val", *(["test"] if has_test else []))
    }
