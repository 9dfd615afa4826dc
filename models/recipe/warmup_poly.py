"""The learning rate's schedule."""

from __future__ import annotations

import keras
from keras import ops


@keras.saving.register_keras_serializable("segpipe")
class WarmupPoly(keras.optimizers.schedules.LearningRateSchedule):
    """Poly decay to 0 (arXiv 1706.05587, section 4.1), with a linear rise at first (arXiv 1706.02677, section 2.2).

    Args:
        peak: the learning rate that the poly schedule starts from.
        steps: of the whole training.
        power: the rate is `peak * (1 - step / steps) ** power`, ...
        warmup: ... and `(step + 1) / warmup` of that in so many first steps.
    """

    def __init__(self, peak: float, steps: int, power: float, warmup: int = 0) -> None:
        self.peak, self.steps, self.power, self.warmup = peak, steps, power, warmup

    def __call__(self, step: keras.KerasTensor) -> keras.KerasTensor:
        """`[]` step, from 0 -> `[] float32`."""
        step = ops.cast(step, "float32")
        rate = self.peak * ops.power(1.0 - ops.minimum(step / self.steps, 1.0), self.power)
        return rate * ops.minimum((step + 1.0) / self.warmup, 1.0) if self.warmup else rate

    def get_config(self) -> dict[str, float]:
        return {"peak": self.peak, "steps": self.steps, "power": self.power, "warmup": self.warmup}
