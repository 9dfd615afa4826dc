"""One labelled image of a dataset, not yet read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Sample:
    """A labelled image that costs nothing until it is loaded.

    Args:
        filename: the image's name within its dataset, e.g. '2007_000032.jpg'; another image has another name.
        source: the dataset's name, e.g. 'voc'.
        load: gives the original JPEG or PNG bytes and the mask, `[H, W] uint8` class indices, 255 = void. It travels
            to Beam workers, so it must be picklable: a `functools.partial` of a module's function, not a lambda. It
            raises UserError when the files are not usable.
    """

    filename: str
    source: str
    load: Callable[[], tuple[bytes, np.ndarray]]
