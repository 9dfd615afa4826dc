"""Pairs the images and masks of a dataset that has a folder for each, and gives them their splits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from datasets.pair import Pair
from datasets.pair_files import pair_files
from datasets.split_pairs import split_pairs
from schema.user_error import UserError

_FOLDERS = {"train": "train", "val": "val"}


def pair_folders(
    images: Path,
    masks: Path,
    *,
    image_suffix: str = "",
    mask_suffix: str = "",
    folders: Mapping[str, str] | None = None,
    val_fraction: float | None = None,
) -> dict[str, list[Pair]]:
    """The pairs of each split, sorted; names are paths below `images`. `pair_files` says what a pair is.

    Args:
        images: the folder of images.
        masks: the folder of masks, with the same folders in it.
        image_suffix: what the names of images end in, before the extension.
        mask_suffix: the same of masks.
        folders: the folder of each split in both, `{"train": "training"}`; train and val are in folders of their
            names if not said otherwise.
        val_fraction: split by this share instead, see `split_pairs`, whatever folders there are.

    Raises:
        UserError: a folder is missing or has no images, files make no pair, or the splits are asked for twice.
    """
    suffixes = {"image_suffix": image_suffix, "mask_suffix": mask_suffix}
    if val_fraction is not None:
        if folders:
            raise UserError("folders of the splits and a val fraction exclude each other; give one of them")
        return split_pairs(pair_files(images, masks, **suffixes), val_fraction)
    folders = {**_FOLDERS, **(folders or {})}
    for folder in folders.values():
        if images.is_dir() and not (images / folder).is_dir():
            raise UserError(
                f"{images / folder}: no such folder; expected one for each split ({', '.join(folders.values())}): "
                "name them with --split, or give --val-fraction or --pairs"
            )
    return {
        split: [
            replace(pair, name=f"{folder}/{pair.name}")
            for pair in pair_files(images / folder, masks / folder, **suffixes)
        ]
        for split, folder in folders.items()
    }
