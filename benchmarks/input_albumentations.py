"""One process of `benchmarks.input_pipeline`: the same augmentation by Albumentations, on one thread.

    python -m benchmarks.input_albumentations FOLDER COUNT KIND

FOLDER is what `input_data` made. KIND is `chain`, as recipes for segmentation are written, or `warp`, where one affine
warp does scale, rotation, shear and crop, as ours does. Runs in an environment of its own.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")

import albumentations as A  # noqa: N812
import cv2
import numpy as np

BATCH = 10
GREY, VOID = 127, 255


def chain(settings: dict) -> A.Compose:
    """Scale, then rotation and shear, then padding and crop: each on what the one before left."""
    augment = settings["augment"]
    height, width = settings["crop_size"] or settings["input_size"]
    low, high = augment["scale"]
    transforms = [A.RandomScale((low - 1, high - 1), p=1)]
    if augment["rotation"] or augment["shear"]:
        transforms.append(A.Affine(**_rotation_and_shear(augment), fill=GREY, fill_mask=VOID, p=1))
    transforms += [
        A.HorizontalFlip(p=augment["flip"]),
        A.PadIfNeeded(height, width, position="random", fill=GREY, fill_mask=VOID),
        A.RandomCrop(height, width),
        *_color(augment),
    ]
    return A.Compose(transforms, seed=0)


def warp(settings: dict) -> A.Compose:
    """Padding and crop to size, then one warp of that: nothing larger than the output is made, but less is seen."""
    augment = settings["augment"]
    height, width = settings["crop_size"] or settings["input_size"]
    geometry = A.Affine(
        scale=tuple(augment["scale"]),
        translate_percent=(-0.25, 0.25),
        **_rotation_and_shear(augment),
        fill=GREY,
        fill_mask=VOID,
        p=1,
    )
    return A.Compose(
        [
            A.PadIfNeeded(height, width, position="random", fill=GREY, fill_mask=VOID),
            A.RandomCrop(height, width),
            geometry,
            A.HorizontalFlip(p=augment["flip"]),
            *_color(augment),
        ],
        seed=0,
    )


KINDS: dict[str, Callable[[dict], A.Compose]] = {"chain": chain, "warp": warp}


def _rotation_and_shear(augment: dict) -> dict:
    rotation, shear = augment["rotation"], augment["shear"]
    return {"rotate": (-rotation, rotation), "shear": {"x": (-shear, shear), "y": 0}}


def _color(augment: dict) -> list[A.BasicTransform]:
    amounts = {name: augment[name] for name in ("brightness", "contrast", "saturation")}
    return [A.ColorJitter(**amounts, hue=0, p=1)] if any(amounts.values()) else []


def input_albumentations(folder: Path, count: int, kind: str) -> None:
    """Decodes and augments `count` images that are in memory, a multiple of `BATCH`.

    Batches are what our input gives: `[B, H, W, 3] float32` and `[B, H, W] int64`.
    """
    settings = json.loads((folder / "settings.json").read_text())
    images, masks = (
        [np.frombuffer(file.read_bytes(), np.uint8) for file in sorted((folder / name).iterdir())]
        for name in ("images", "masks")
    )
    augment = KINDS[kind](settings)

    def sample(index: int) -> dict[str, np.ndarray]:
        image = cv2.imdecode(images[index % len(images)], cv2.IMREAD_COLOR_RGB)
        mask = cv2.imdecode(masks[index % len(masks)], cv2.IMREAD_GRAYSCALE)
        return augment(image=image, mask=mask)

    for first in range(0, count, BATCH):
        batch = [sample(index) for index in range(first, first + BATCH)]
        np.stack([item["image"] for item in batch], dtype=np.float32, casting="unsafe")
        np.stack([item["mask"] for item in batch], dtype=np.int64, casting="unsafe")


if __name__ == "__main__":
    cv2.setNumThreads(1)
    input_albumentations(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
