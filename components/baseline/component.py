"""The model that serves now: a candidate has to beat it, and a training may start from it."""

from __future__ import annotations

from typing import ClassVar

from tfx.dsl.components.base.base_component import BaseComponent
from tfx.dsl.components.base.executor_spec import ExecutorClassSpec
from tfx.types import standard_artifacts
from tfx.types.channel import BaseChannel, Channel
from tfx.types.component_spec import ChannelParameter, ComponentSpec, ExecutionParameter

from components.baseline.driver import Driver
from components.baseline.executor import Executor
from components.baseline.properties import BASELINE, MODEL, PUSH_DESTINATION, SERVING_NOW, SIGNATURE


class BaselineSpec(ComponentSpec):
    """What goes in and comes out."""

    PARAMETERS: ClassVar = {
        PUSH_DESTINATION: ExecutionParameter(type=str),
        SIGNATURE: ExecutionParameter(type=str, optional=True),
        SERVING_NOW: ExecutionParameter(type=str, optional=True),
        "code": ExecutionParameter(type=str),
    }
    INPUTS: ClassVar = {MODEL: ChannelParameter(type=standard_artifacts.Model, optional=True)}
    OUTPUTS: ClassVar = {BASELINE: ChannelParameter(type=standard_artifacts.Model)}


class Baseline(BaseComponent):
    """Copies the model that serves now, so that the Evaluator can measure the candidate against it.

    That is the newest version at the push destination which is not the candidate itself: it looks there, not into
    metadata, so it works on every orchestrator and whoever pushed. Where there is nothing to compare with, the output
    holds no model and says why in its properties.

    Without a candidate it copies the newest version, whatever it is, for a Trainer to start from.

    Args:
        push_destination: the folder of versions.
        model: the candidate, a channel of `Model`.
        signature: what the Evaluator calls, so what a baseline must have beside the candidate.
        code: a fingerprint of this code, so that a changed comparison is not answered from the cache.
    """

    SPEC_CLASS = BaselineSpec
    EXECUTOR_SPEC = ExecutorClassSpec(Executor)
    DRIVER_CLASS = Driver

    def __init__(
        self,
        push_destination: str,
        model: BaseChannel | None = None,
        signature: str | None = None,
        code: str = "",
    ) -> None:
        channels = {MODEL: model, BASELINE: Channel(type=standard_artifacts.Model)}
        super().__init__(BaselineSpec(push_destination=push_destination, signature=signature, code=code, **channels))
