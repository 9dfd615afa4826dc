"""One training, of the Trainer or of a tuner's trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import tensorflow as tf
import tensorflow_transform as tft

from models.data.check_held_out import check_held_out
from models.data.preprocessing import CLASS_PIXELS
from models.data.training_data import raw_features, training_data
from models.data.unaugmented_data import unaugmented_data
from models.network.evaluation_network import evaluation_network
from models.recipe.balanced_weights import balanced_weights
from models.recipe.distribution import distribution
from models.recipe.segmentation_loss import SegmentationLoss
from models.recipe.training_settings import TrainingSettings
from models.tensorboard.draw_predictions import DrawPredictions
from models.tensorboard.event_files import EventFiles
from models.tensorboard.tensorboard_events import TensorBoardEvents
from models.training.build_network import build_network
from models.training.checkpoint_key import checkpoint_key
from models.training.checkpoints import Checkpoints
from models.training.divergence_guard import DivergenceGuard
from models.training.held_out_validation import HeldOutValidation
from models.training.pixel_counts import PixelCounts
from models.training.trainer_settings import TrainerSettings
from models.training.training_log import TrainingLog
from models.training.training_progress import TrainingProgress
from schema.label_map import LabelMap

_PICTURES = 4


@dataclass(frozen=True)
class Trained:
    """Args:
    network: to be exported, with the best weights on the held-out images, or the last where there are none.
    log: of every step.
    validation: on the held-out images, None where there are none.
    events: for TensorBoard.
    checkpoints: of this training; to be removed when its result is safe.
    """

    network: keras.Model
    log: TrainingLog
    validation: HeldOutValidation | None
    events: EventFiles
    checkpoints: Checkpoints

    @property
    def best_mean_iou(self) -> float | None:
        """On the held-out images, where there are any."""
        best = self.validation.best if self.validation else None
        return best.mean_iou if best else None


def train(
    settings: TrainerSettings, train_files: Sequence[str], transform_graph: str, base_model: str | None = None
) -> Trained:
    """Trains from the newest checkpoint of the same inputs, if there is one.

    Args:
        settings: of the training.
        train_files: patterns of gzipped TFRecord files.
        transform_graph: the folder of the analyzed Transform graph.
        base_model: the exported model to start from, in place of `model.weights`.

    Raises:
        UserError: when the weights cannot be had, a device gets too few images, `held_out` leaves no images to train
            or to measure on, or the loss is no longer a number.
    """
    training, label_map = settings.training, LabelMap.from_dict(settings.label_map)
    files = _expand(train_files)
    transform = tft.TFTransformOutput(transform_graph)
    keras.utils.set_random_seed(settings.seed)

    weights = None
    if training.class_balance:
        weights = balanced_weights(_class_pixels(files, transform), training.class_balance)
    loss = SegmentationLoss(weights, hard_pixels=training.hard_pixels, dice=training.dice)
    strategy = distribution(training)
    with strategy.scope():
        counts = PixelCounts(len(label_map))
    network = build_network(settings.model, training, label_map, strategy, loss, [counts], base_model)
    log = TrainingLog()
    evaluated = evaluation_network(network, settings.model, len(label_map))
    unaugmented = unaugmented_data(files, transform, training.held_out)
    validation = None
    if training.held_out:
        check_held_out(files, training.held_out)
        validation = HeldOutValidation(
            evaluated,
            unaugmented,
            len(label_map),
            steps=training.steps,
            every=_validate_every(training),
            patience=training.early_stopping,
            log=log,
        )
    folder = f"{settings.checkpoints}/{checkpoint_key(settings, files, transform_graph, base_model)}"
    checkpoints = Checkpoints(folder, training.checkpoint_every, log, validation)
    trained = Trained(evaluated, log, validation, EventFiles(folder), checkpoints)
    with strategy.scope():
        first_step = checkpoints.restore(network)
    data = training_data(
        files,
        transform,
        batch_size=training.batch_size,
        seed=settings.seed,
        shuffle_buffer=training.shuffle_buffer,
        first_step=first_step,
        oversample=[training.oversample.get(name, 1) for name in label_map.names],
        held_out=training.held_out,
    )
    if first_step < training.steps and not (validation and validation.stopped):
        pictures = DrawPredictions(evaluated, unaugmented.take(_PICTURES), label_map.palette)
        callbacks = _callbacks(training, trained, counts, pictures, label_map)
        with strategy.scope():
            # `data` is shuffled; Keras 3.15 warns that it does not do that itself.
            network.fit(data.take(training.steps - first_step), shuffle=False, callbacks=callbacks, verbose=0)
    evaluated.set_weights(validation.best_weights if validation else network.get_weights())
    return trained


def _callbacks(
    training: TrainingSettings, trained: Trained, counts: PixelCounts, pictures: DrawPredictions, label_map: LabelMap
) -> list[keras.callbacks.Callback]:
    """Each relies on those before it: the log has the step, a lost one is measured and kept by none."""
    log, validation = trained.log, trained.validation
    return [
        log,
        DivergenceGuard([training.checkpoint_every, _validate_every(training)], training.steps, log),
        TrainingProgress(training.steps, training.batch_size, log, counts),
        *([validation] if validation else []),
        TensorBoardEvents(
            trained.events,
            pictures,
            label_map.names,
            checkpoint_every=training.checkpoint_every,
            steps=training.steps,
            log=log,
            counts=counts,
            validation=validation,
        ),
        trained.checkpoints,
    ]


def _validate_every(training: TrainingSettings) -> int:
    return training.validate_every or training.checkpoint_every


def _expand(patterns: Sequence[str]) -> list[str]:
    return sorted(path for pattern in patterns for path in tf.io.gfile.glob(pattern))


def _class_pixels(files: Sequence[str], transform: tft.TFTransformOutput) -> list[int]:
    """Transform's analysis, which stands alike in every transformed example."""
    serialized = next(iter(tf.data.TFRecordDataset(files, compression_type="GZIP").batch(1)))
    features = transform.transform_features_layer()(raw_features(serialized, tf.constant([-1], tf.int64)))
    return features[CLASS_PIXELS][0].numpy().tolist()
