"""One measurement on the held-out images."""

from __future__ import annotations

from typing import NamedTuple

FILE_NAME = "validation_log.csv"  # in the Trainer's `model_run` output, where images were held out


class Validation(NamedTuple):
    """Args:
    step: after which it was measured.
    loss: the training's, of all held-out images.
    mean_iou: over the classes that they show.
    iou: of each class; nan for one that they do not show.
    """

    step: int
    loss: float
    mean_iou: float
    iou: tuple[float, ...]
