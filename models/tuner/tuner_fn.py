"""What the Tuner component calls."""

from __future__ import annotations

from typing import Any

from tfx.components.tuner.component import TunerFnResult

from models.training.base_model import base_model
from models.tuner.recipe_tuner import RecipeTuner
from models.tuner.tuner_fn_settings import TunerFnSettings


def tuner_fn(fn_args: Any) -> TunerFnResult:
    """A search that goes on where one of the same inputs was killed.

    Args:
        fn_args: `tfx.components.FnArgs`: `train_files`, `transform_graph_path`, `working_dir` and `custom_config`
            (`TunerFnSettings` as a dictionary) are read, and `base_model` as by `run_fn`.
    """
    settings = TunerFnSettings.model_validate(fn_args.custom_config)
    inputs = fn_args.train_files, fn_args.transform_graph_path, base_model(settings, fn_args)
    tuner = RecipeTuner(settings, *inputs, directory=fn_args.working_dir)
    return TunerFnResult(tuner=tuner, fit_kwargs={})
