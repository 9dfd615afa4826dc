"""What trials are made with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras_tuner
from keras_tuner.engine.trial import TrialStatus
from keras_tuner.oracles import RandomSearchOracle

from models.tuner.settings import SearchSettings


class OwnValuesFirst(RandomSearchOracle):
    """Random search whose first trial has the recipe's own values, so that it ends with nothing worse than those.

    Random, not Bayesian: KerasTuner's Bayesian oracle draws the first three trials for every knob at random as well,
    which is most of the ten that a search has, and later ones from a state that it does not keep. (Hyperband asks for
    trainings that are measured every epoch, and prolonged.)

    Args:
        own: the recipe's values.
        search: what the others are drawn from.
        options: of `keras_tuner.oracles.RandomSearchOracle`.
    """

    def __init__(self, own: Mapping[str, float], search: SearchSettings, **options: Any) -> None:
        space = keras_tuner.HyperParameters()
        for knob, values in search.knobs.items():
            if search.is_range(knob):
                space.Float(knob, *values, sampling="log")
            else:
                space.Choice(knob, list(values))
        # However many trials fail one after another, those to come may do better.
        super().__init__(hyperparameters=space, max_consecutive_failed_trials=None, **options)
        self.own = own

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """The status of a trial to be, and its values."""
        if self.trials:
            return super().populate_space(trial_id)
        return {"status": TrialStatus.RUNNING, "values": dict(self.own)}
