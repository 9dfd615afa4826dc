"""A generated dataset: textured discs, squares, triangles and stars, for the demo and the tests."""

from __future__ import annotations

import io
from functools import partial

import numpy as np
from PIL import Image

from datasets.draw_shapes import draw_shapes
from datasets.sample import Sample
from schema.label_map import LabelMap
from schema.user_error import UserError

SHAPES_LABEL_MAP = LabelMap(
    names=("background", "disc", "square", "triangle", "star"),
    colors=((38, 41, 51), (49, 130, 206), (229, 85, 64), (64, 168, 92), (240, 190, 50)),
)

_SPLITS = ("train", "val")


def shapes_samples(train: int = 200, val: int = 40, seed: int = 1) -> dict[str, list[Sample]]:
    """`train` and `val` images to draw; each depends on nothing but the seed, its split and its index.

    Raises:
        UserError: a split would be empty, or the seed is negative.
    """
    if seed < 0:
        raise UserError(f"the seed must not be negative, got {seed}")
    samples = {}
    for split, number in zip(_SPLITS, (train, val), strict=True):
        if number < 1:
            raise UserError(f"the {split} split needs at least 1 image, got {number}")
        samples[split] = [
            Sample(f"{split}_{index:06d}.jpg", "shapes", partial(_draw, seed, split, index)) for index in range(number)
        ]
    return samples


def _draw(seed: int, split: str, index: int) -> tuple[bytes, np.ndarray]:
    rng = np.random.default_rng(np.random.SeedSequence((seed, _SPLITS.index(split), index)))
    image, mask = draw_shapes(rng, first=1 + index % (len(SHAPES_LABEL_MAP) - 1))
    jpeg = io.BytesIO()
    Image.fromarray(image).save(jpeg, "JPEG", quality=90)
    return jpeg.getvalue(), mask
