"""Training samples that no graph has made, for the page about them."""

import numpy as np

from pipeline.show.training_samples import TrainingSample, View
from tests.pipeline.show.surveys import ATTACK


def samples(count: int = 3, epochs: int = 4) -> list[TrainingSample]:
    """Of 96x64 pixels each; the upper quarter is void."""
    return [
        TrainingSample(f"{at}_{'y' * 60}{ATTACK}.jpg", _view(at), [_view(at + epoch) for epoch in range(epochs)])
        for at in range(count)
    ]


def _view(seed: int) -> View:
    image = np.random.default_rng(seed).integers(0, 256, (64, 96, 3), np.uint8)
    label = np.full((64, 96), seed % 4, np.uint8)
    label[:16] = 255
    return image, label
