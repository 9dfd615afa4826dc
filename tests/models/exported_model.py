"""A small model, exported as the Trainer does it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import keras

from benchmarks.analyzed_transform import analyzed_transform
from models.data.augment_settings import AugmentSettings
from models.data.preprocessing import PreprocessingSettings
from models.network.model_settings import ModelSettings
from models.serving_model import export
from schema.label_map import LabelMap
from tests.models.tiny import NUM_CLASSES, tiny_records

LABEL_MAP = LabelMap(("a", "b", "c", "d"), ((0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)))
SETTINGS = ModelSettings(weights="none", input_size=(32, 48))


def exported_model(directory: Path, seed: int = 0) -> Path:
    """Writes a SavedModel of three convolutions, drawn from the seed: all of its float arithmetic shows in its masks.

    Returns:
        The directory.
    """
    preprocessing = PreprocessingSettings(
        input_size=SETTINGS.input_size, num_classes=NUM_CLASSES, augment=AugmentSettings()
    )
    with tempfile.TemporaryDirectory() as scratch:
        transform = analyzed_transform(Path(scratch), tiny_records(), preprocessing)
        export(_network(seed), SETTINGS, transform, LABEL_MAP, directory, Path(scratch))
    return directory


def _network(seed: int) -> keras.Model:
    """Stride 4."""
    draw = [keras.initializers.GlorotNormal(seed=4 * seed + layer) for layer in range(3)]
    image = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(8, 3, 2, "same", activation="tanh", kernel_initializer=draw[0])(image / 127.5 - 1.0)
    x = keras.layers.Conv2D(16, 5, 2, "same", activation="tanh", kernel_initializer=draw[1])(x)
    return keras.Model(image, keras.layers.Conv2D(NUM_CLASSES, 3, padding="same", kernel_initializer=draw[2])(x))
