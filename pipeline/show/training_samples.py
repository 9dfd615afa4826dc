"""What the trainer makes of records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tensorflow_metadata.proto.v0 import schema_pb2

from models.data.preprocessing import LABEL, MODEL_INPUT, PreprocessingSettings
from models.data.training_data import raw_features, training_data
from pipeline.show.analyze import analyze
from schema.record import FILENAME

View = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]  # image `[H, W, 3]` and label `[H, W]`, 255 = void


@dataclass(frozen=True)
class TrainingSample:
    """Args:
    filename: as in its record.
    plain: letterboxed, as evaluation and serving see it.
    augmented: as training sees it in one epoch after the other.
    """

    filename: str
    plain: View
    augmented: list[View]


def training_samples(
    examples: Sequence[tf.train.Example],
    schema: schema_pb2.Schema,
    settings: PreprocessingSettings,
    *,
    seed: int,
    epochs: int,
    scratch: Path,
) -> list[TrainingSample]:
    """Puts records through the Transform graph by way of the trainer's own input, unshuffled.

    Args:
        examples: as SegmentationExampleGen gives them on.
        schema: the curated one.
        settings: of the preprocessing.
        seed: the run's.
        epochs: augmentations of each record.
        scratch: an empty folder.
    """
    file = str(scratch / "records.gz")
    serialized = [example.SerializeToString() for example in examples]
    with tf.io.TFRecordWriter(file, "GZIP") as writer:
        for record in serialized:
            writer.write(record)
    transform = analyze([file], schema, settings, scratch)
    layer = transform.transform_features_layer()
    plain = [layer(raw_features(tf.constant([record]), tf.constant([-1], tf.int64))) for record in serialized]
    # A buffer of one shuffles nothing: epoch after epoch the records come in their order.
    stream = training_data([file], transform, batch_size=1, seed=seed, shuffle_buffer=1)
    augmented = [_view(*batch) for batch in stream.take(epochs * len(serialized))]
    return [
        TrainingSample(
            filename=example.features.feature[FILENAME].bytes_list.value[0].decode("utf-8", "backslashreplace"),
            plain=_view(plain[at][MODEL_INPUT], plain[at][LABEL]),
            augmented=augmented[at :: len(serialized)],
        )
        for at, example in enumerate(examples)
    ]


def _view(images: tf.Tensor, labels: tf.Tensor) -> View:
    """Of a batch of one."""
    return images[0].numpy().round().astype(np.uint8), labels[0].numpy().astype(np.uint8)
