"""Draws an image that costs as much to read as a photograph."""

import numpy as np
from PIL import Image


def drawn_photograph(random: np.random.Generator, mask: np.ndarray) -> np.ndarray:
    """`[H, W, 3] uint8`: a colour a class, clouds and grain; about as many bytes of JPEG as a photograph.

    Args:
        random: the only source of randomness.
        mask: `[H, W] uint8`, what is to be seen.
    """
    clouds = Image.fromarray(random.integers(0, 100, (6, 8, 3), np.uint8)).resize(mask.shape[::-1])
    colors = random.integers(0, 128, (256, 3))
    grain = random.normal(0, 10, (*mask.shape, 3))
    return np.clip(colors[mask] + np.asarray(clouds) + grain, 0, 255).astype(np.uint8)
