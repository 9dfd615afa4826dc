"""SBD, the Semantic Boundaries Dataset (Hariharan et al., 2011): masks of VOC's classes for more of VOC's images."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from datasets.pair import Pair
from datasets.read_list import read_list
from datasets.read_sbd_mask import read_sbd_mask
from datasets.sample import Sample
from schema.user_error import UserError


def sbd_samples(root: str | Path, *, leave_out: Collection[str]) -> list[Sample]:
    """The images of both of SBD's lists, each once, in their order. SBD's split is its own and cuts across VOC's.

    Args:
        root: the benchmark_RELEASE folder, with dataset/img, dataset/cls and dataset/{train,val}.txt.
        leave_out: names, without extension, that are not wanted.

    Raises:
        UserError: the folder, a list, an image or a mask is missing, or both lists are empty.
    """
    dataset = Path(root) / "dataset"
    if not dataset.is_dir():
        raise UserError(f"{dataset}: no such folder; expected SBD's benchmark_RELEASE with dataset/img and dataset/cls")
    stems = dict.fromkeys(stem for split in ("train", "val") for stem in read_list(dataset / f"{split}.txt"))
    if not stems:
        raise UserError(f"{dataset}: train.txt and val.txt are both empty, expected one image name a line")
    return [_sample(dataset, stem) for stem in stems if stem not in leave_out]


def _sample(dataset: Path, stem: str) -> Sample:
    pair = Pair(f"{stem}.jpg", dataset / "img" / f"{stem}.jpg", dataset / "cls" / f"{stem}.mat")
    for path in (pair.image, pair.mask):
        if not path.is_file():
            raise UserError(f"{path}: no such file, though dataset/train.txt or val.txt lists {stem}")
    return pair.sample("sbd", read_sbd_mask)
