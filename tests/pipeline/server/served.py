"""A model in the place of a pushed one, whose answers are known."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.prediction.load_model import Mask, ModelFault
from pipeline.server.served_model import ServedModel, Version
from tests.components.report.fake_model import LABEL_MAP, encode


def mask_of(encoded: bytes) -> bytes:
    """What is answered: class 0 below a brightness of 100, 1 below 200, else 2."""
    with Image.open(io.BytesIO(encoded)) as image:
        levels = np.asarray(image.convert("L"))
    mask = io.BytesIO()
    Image.fromarray(np.digitize(levels, [100, 200]).astype(np.uint8)).save(mask, "PNG")
    return mask.getvalue()


class Served(ServedModel):
    """A model whose images are told apart by brightness, and counted; 99 throughout is more than it can stand."""

    def __init__(self) -> None:
        self.version = Version("1700000000", Path(), self.segment, LABEL_MAP)
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def segment(self, images: Sequence[bytes]) -> list[Mask | ModelFault]:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            time.sleep(0.01)
            return [ModelFault("no 99") if image == encode([[99]]) else Mask(mask_of(image)) for image in images]
        finally:
            with self._lock:
                self.at_once -= 1
