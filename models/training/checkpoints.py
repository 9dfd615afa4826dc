"""Checkpoints that survive a restart: weights, optimizer, random states, log and validation, whole or not there."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import h5py
import keras
import tensorflow as tf

from models.training.held_out_validation import HeldOutValidation
from models.training.training_log import Step, TrainingLog
from models.training.validation import Validation

# Beside Keras's own groups in the file.
_RANDOM, _LOG = "random_states", "training_log"
_VALIDATIONS, _BEST = "validations", "best_weights"
_NAME = re.compile(r"step-(\d+)\.weights\.h5")


class Checkpoints(keras.callbacks.Callback):
    """Saves a compiled model every so many steps of `fit`, and restores the newest; the last two are kept.

    Args:
        directory: any path `tf.io.gfile` knows; made when missing.
        every: steps between checkpoints.
        log: of the training, ahead of this in the list of callbacks.
        validation: of the training, if images are held out; ahead of this as well.
    """

    def __init__(
        self, directory: str, every: int, log: TrainingLog, validation: HeldOutValidation | None = None
    ) -> None:
        super().__init__()
        self.directory = directory
        self.every = every
        self.log = log
        self.validation = validation

    def restore(self, model: keras.Model) -> int:
        """Loads the newest checkpoint into a compiled model, log and validation.

        Returns:
            Its step, 0 when there is none.
        """
        steps = self._steps()
        if steps:
            if not model.optimizer.built:  # loss scaling would make its variables anew
                model.optimizer.build(model.trainable_variables)
            with tempfile.TemporaryDirectory() as scratch:
                local = Path(scratch) / _name(steps[-1])
                tf.io.gfile.copy(f"{self.directory}/{local.name}", str(local))
                model.load_weights(local)
                with h5py.File(local) as file:
                    for state, value in zip(_random_states(model), file.get(_RANDOM, {}).values(), strict=True):
                        state.assign(value[()])
                    self.log.steps = [Step(int(step), *rest) for step, *rest in file[_LOG][()].tolist()]
                    if self.validation:
                        self._restore_validation(self.validation, file)
        return len(self.log.steps)

    def remove(self) -> None:
        """Removes the directory, which is this training's alone."""
        if tf.io.gfile.isdir(self.directory):
            tf.io.gfile.rmtree(self.directory)

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        step = len(self.log.steps)
        if step % self.every == 0:
            self._save(step)

    def _save(self, step: int) -> None:
        tf.io.gfile.makedirs(self.directory)
        partial = f"{self.directory}/partial"
        with tempfile.TemporaryDirectory() as scratch:
            local = Path(scratch) / _name(step)
            self.model.save_weights(local)
            with h5py.File(local, "a") as file:
                for index, state in enumerate(_random_states(self.model)):
                    file[f"{_RANDOM}/{index:04d}"] = state.numpy()
                file[_LOG] = self.log.steps
                if self.validation:
                    for index, weight in enumerate(self.validation.best_weights):
                        file[f"{_BEST}/{index:04d}"] = weight
                    file[_VALIDATIONS] = [[*rest, *iou] for *rest, iou in self.validation.validations]
            tf.io.gfile.copy(str(local), partial, overwrite=True)
        tf.io.gfile.rename(partial, f"{self.directory}/{_name(step)}", overwrite=True)
        for old in self._steps()[:-2]:
            tf.io.gfile.remove(f"{self.directory}/{_name(old)}")

    @staticmethod
    def _restore_validation(validation: HeldOutValidation, file: h5py.File) -> None:
        rows = file[_VALIDATIONS][()].tolist()
        validation.validations = [Validation(int(step), loss, mean, tuple(iou)) for step, loss, mean, *iou in rows]
        validation.best_weights = [weight[()] for weight in file.get(_BEST, {}).values()]

    def _steps(self) -> list[int]:
        if not tf.io.gfile.isdir(self.directory):
            return []
        matches = map(_NAME.fullmatch, tf.io.gfile.listdir(self.directory))
        return sorted(int(match[1]) for match in matches if match)


def _random_states(model: keras.Model) -> list[keras.Variable]:
    """The seeds of dropout and the like, which `save_weights` leaves out."""
    weights = {id(weight) for weight in model.weights}
    return [variable for variable in model.variables if id(variable) not in weights]


def _name(step: int) -> str:
    return f"step-{step:08d}.weights.h5"
