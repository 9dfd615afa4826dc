"""Runs on an MLflow server, for those who keep their experiments there."""

from __future__ import annotations

from typing import ClassVar

from tfx import types
from tfx.dsl.components.base.base_component import BaseComponent
from tfx.dsl.components.base.executor_spec import ExecutorClassSpec
from tfx.types import standard_artifacts
from tfx.types.component_spec import ChannelParameter, ComponentSpec, ExecutionParameter

from components.mlflow_tracker.driver import Driver
from components.mlflow_tracker.executor import Executor
from components.mlflow_tracker.mlflow_run import MlflowRun
from components.mlflow_tracker.properties import (
    EVALUATION,
    FAILURES,
    MLFLOW_RUN,
    MODEL,
    MODEL_RUN,
    PUSHED_MODEL,
    REPORT,
    SETTINGS,
)
from components.report.component import SegmentationReport


class MlflowTrackerSpec(ComponentSpec):
    """What goes in and comes out."""

    PARAMETERS: ClassVar = {
        SETTINGS: ExecutionParameter(type=str),
        FAILURES: ExecutionParameter(type=str, optional=True),
    }
    INPUTS: ClassVar = {
        REPORT: ChannelParameter(type=SegmentationReport),
        EVALUATION: ChannelParameter(type=standard_artifacts.ModelEvaluation),
        MODEL: ChannelParameter(type=standard_artifacts.Model),
        MODEL_RUN: ChannelParameter(type=standard_artifacts.ModelRun),
        PUSHED_MODEL: ChannelParameter(type=standard_artifacts.PushedModel),
    }
    OUTPUTS: ClassVar = {MLFLOW_RUN: ChannelParameter(type=MlflowRun)}


class MlflowTracker(BaseComponent):
    """Logs a run to an MLflow server: configuration, training curve, figures, verdict, lineage, report and model.

    A server that is down fails nothing: that is said once, noted in the output, and the next run tries again. What was
    logged is not logged again. Credentials are MLflow's own environment variables.

    Args:
        report: from `Report`.
        evaluation: from the Evaluator; named in the lineage, as `pushed_model` is.
        model: from the Trainer.
        model_run: from the Trainer; its `training_log.csv` is the curve.
        pushed_model: from the Pusher.
        settings: a JSON object: `uri` (of the server), `experiment`, `log_model` (whether the model's files are
            uploaded) and `config` (of the run).
    """

    SPEC_CLASS = MlflowTrackerSpec
    EXECUTOR_SPEC = ExecutorClassSpec(Executor)
    DRIVER_CLASS = Driver

    def __init__(
        self,
        report: types.BaseChannel,
        evaluation: types.BaseChannel,
        model: types.BaseChannel,
        model_run: types.BaseChannel,
        pushed_model: types.BaseChannel,
        settings: str,
    ) -> None:
        channels = {
            REPORT: report,
            EVALUATION: evaluation,
            MODEL: model,
            MODEL_RUN: model_run,
            PUSHED_MODEL: pushed_model,
            MLFLOW_RUN: types.Channel(type=MlflowRun),
        }
        super().__init__(MlflowTrackerSpec(settings=settings, **channels))
