"""How the training went, ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_BINS = 240  # points of a curve at most: more would not be seen


@dataclass(frozen=True)
class TrainingCurve:
    """All in shares of the drawing: x from the left, 0..1, y from the top, 0..1.

    Args:
        loss: points `(x, y)`, the mean loss of some neighbouring steps each.
        band: a polygon around the least and the largest loss of the same.
        rate: points of the learning rate, from 0 at the bottom to its largest value at the top.
        steps: of the whole training.
        top: the loss at the top edge; 0 is at the bottom.
        first, last: loss of the first and the last point.
        top_rate: the largest learning rate.
        held_out: points of the mean IoU on the held-out images, from 0 at the bottom to 1 at the top.
        best: step and mean IoU of the first of the highest; None where no images were held out.
    """

    loss: list[tuple[float, float]]
    band: list[tuple[float, float]]
    rate: list[tuple[float, float]]
    steps: int
    top: float
    first: float
    last: float
    top_rate: float
    held_out: list[tuple[float, float]]
    best: tuple[int, float] | None


def training_curve(
    losses: Sequence[float], rates: Sequence[float], held_out: Sequence[tuple[int, float]] = ()
) -> TrainingCurve | None:
    """Returns None for a training of no step.

    Args:
        losses: of each step, `[N]`.
        rates: the learning rate of each step, `[N]`.
        held_out: step, 1..N, and mean IoU of each measurement on held-out images.
    """
    if not len(losses):
        return None
    bins = np.array_split(np.asarray(losses, np.float64), min(_BINS, len(losses)))
    rate = np.array([part.mean() for part in np.array_split(np.asarray(rates, np.float64), len(bins))])
    mean, least, most = (np.array([reduce(part) for part in bins]) for reduce in (np.mean, np.min, np.max))
    x = (np.arange(len(bins)) + 0.5) / len(bins)
    # The first steps are wild and would press the rest flat: they may leave the drawing at the top.
    top = float(most[len(most) // 50 :].max()) or 1.0
    top_rate = float(rate.max()) or 1.0
    return TrainingCurve(
        loss=_points(x, mean / top),
        band=_points(x, most / top) + _points(x, least / top)[::-1],
        rate=_points(x, rate / top_rate),
        steps=len(losses),
        top=top,
        first=float(mean[0]),
        last=float(mean[-1]),
        top_rate=top_rate,
        held_out=[((step - 0.5) / len(losses), 1 - mean_iou) for step, mean_iou in held_out],
        best=max(held_out, key=lambda measured: measured[1], default=None),
    )


def _points(x: np.ndarray, share: np.ndarray) -> list[tuple[float, float]]:
    return list(zip(x.tolist(), (1 - share.clip(0, 1)).tolist(), strict=True))
