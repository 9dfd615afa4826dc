"""The search for a recipe, with KerasTuner."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import keras_tuner
from keras.utils import clear_session
from keras_tuner.engine.base_tuner import BaseTuner
from keras_tuner.engine.trial import Trial, TrialStatus

from models.training.checkpoint_key import checkpoint_key
from models.training.train import train
from models.tuner.apply_hyperparameters import apply_hyperparameters
from models.tuner.describe_search import describe_results, describe_space, describe_values
from models.tuner.own_values_first import OwnValuesFirst
from models.tuner.trial_results import TrialResults
from models.tuner.tuner_fn_settings import TunerFnSettings
from schema.user_error import UserError

_LOG = logging.getLogger("segpipe.tuner")
_MEAN_IOU, _FAILURE = "mean_iou", "failure"


class RecipeTuner(BaseTuner):
    """Each trial is a training by `train`, judged by the mean IoU on the held-out images.

    What random search draws depends on nothing but the seed: a search that was killed draws the same again, takes the
    results it finds, and the training that was cut off goes on at its checkpoint.

    Args:
        settings: of the search.
        train_files: patterns of gzipped TFRecord files.
        transform_graph: the folder of the analyzed Transform graph.
        base_model: as of `train`.
        directory: where KerasTuner may write; it is not read again.
    """

    def __init__(
        self,
        settings: TunerFnSettings,
        train_files: Sequence[str],
        transform_graph: str,
        base_model: str | None,
        *,
        directory: str,
    ) -> None:
        self.settings = settings
        self.inputs = train_files, transform_graph, base_model
        self.results = TrialResults(f"{settings.checkpoints}/{checkpoint_key(settings, *self.inputs)}")
        search = settings.tuner.search
        oracle = OwnValuesFirst(
            {knob: getattr(settings.training, knob) for knob in search.knobs},
            search,
            objective=keras_tuner.Objective(_MEAN_IOU, "max"),
            max_trials=settings.tuner.trials,
            seed=settings.seed + 1,  # 0 would be taken for none
        )
        oracle.verbose = 0
        super().__init__(oracle, directory=directory, project_name="search", overwrite=True)

    def search(self, *fit_args: Any, **fit_kwargs: Any) -> None:
        """Runs all trials; one whose training is refused or loses its loss has failed, and the next has its turn.

        Raises:
            UserError: none came to its end.
        """
        failures = []
        while (trial := self.oracle.create_trial(self.tuner_id)).status == TrialStatus.RUNNING:
            result = self._result(trial)
            if _FAILURE in result:
                failures.append(result[_FAILURE])
                trial.status = TrialStatus.FAILED
            else:
                self.oracle.update_trial(trial.trial_id, result)
                trial.status = TrialStatus.COMPLETED
            self.oracle.end_trial(trial)
        self.results.remove()
        if len(failures) == len(self.oracle.trials):
            raise UserError(f"none of the tuner's {len(failures)} trials came to its end; the last one: {failures[-1]}")

    def _result(self, trial: Trial) -> dict[str, Any]:
        """The mean IoU of a trial, or why it has none; at once where a search that was killed has left it."""
        values = trial.hyperparameters.values
        name = f"trial {int(trial.trial_id) + 1} of {self.settings.tuner.trials}"
        result = self.results.get(trial.trial_id)
        if result is None:
            _LOG.info("%s: %s", name, describe_values(values))
            result = self._train(values)
            self.results.put(trial.trial_id, result)
        if _FAILURE in result:
            _LOG.warning("%s failed, with %s: %s", name, describe_values(values), result[_FAILURE])
        else:
            _LOG.info("%s: mean IoU %.4f on the held-out images", name, result[_MEAN_IOU])
        return result

    def _train(self, values: Mapping[str, float]) -> dict[str, Any]:
        clear_session()  # the trials before need no memory any more
        training = apply_hyperparameters(self.settings.training, values)
        settings = self.settings.model_copy(update={"training": training, "checkpoints": self.results.directory})
        try:
            trained = train(settings, *self.inputs)
        except UserError as error:
            return {_FAILURE: str(error)}
        trained.checkpoints.remove()
        return {_MEAN_IOU: trained.best_mean_iou}

    def search_space_summary(self, extended: bool = False) -> None:
        """Logs what is searched, in one line."""
        _LOG.info(describe_space(self.settings.tuner))

    def results_summary(self, num_trials: int = 10) -> None:
        """Logs a table of all trials."""
        trials = sorted(self.oracle.trials.items())
        table = describe_results([(trial.hyperparameters.values, trial.score) for _, trial in trials])
        _LOG.info("mean IoU on the held-out images by trial\n%s", table, extra={"lasting": True})
