"""An image and its mask, each a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from datasets.sample import Sample
from schema.user_error import UserError


@dataclass(frozen=True)
class Pair:
    """An image file and its mask's.

    Args:
        name: the image's name within its dataset, e.g. 'train/0001.jpg'.
        image: a JPEG or PNG.
        mask: whatever `read` of `sample` reads.
    """

    name: str
    image: Path
    mask: Path

    def sample(self, source: str, read: Callable[[Path], np.ndarray]) -> Sample:
        """The pair as a sample of the dataset `source`.

        Args:
            source: the dataset's name.
            read: gives the mask, `[H, W] uint8` class indices, of its path; picklable, as a sample is.
        """
        return Sample(self.name, source, partial(_load, self.image, self.mask, read))


def _load(image: Path, mask: Path, read: Callable[[Path], np.ndarray]) -> tuple[bytes, np.ndarray]:
    try:
        encoded = image.read_bytes()
    except OSError as error:
        raise UserError(f"{image}: cannot read the image: {error}") from error
    return encoded, read(mask)
