"""TFX's Pusher, made atomic, and aware of what became of its pushes."""

from __future__ import annotations

from typing import ClassVar

from tfx import types
from tfx.dsl.components.base.base_component import BaseComponent
from tfx.dsl.components.base.executor_spec import ExecutorClassSpec
from tfx.proto import pusher_pb2
from tfx.types import standard_artifacts
from tfx.types import standard_component_specs as keys
from tfx.types.component_spec import ExecutionParameter

from components.pusher.driver import Driver
from components.pusher.executor import Executor
from components.pusher.properties import LOST


class PusherSpec(keys.PusherSpec):
    """TFX's, and what the driver notes."""

    PARAMETERS: ClassVar = {**keys.PusherSpec.PARAMETERS, LOST: ExecutionParameter(type=str, optional=True)}


class Pusher(BaseComponent):
    """Pushes a blessed model to a folder of numbered versions, as TensorFlow Serving expects.

    A version appears whole or not at all. A model that is the newest version already is not pushed again; one whose
    version was removed since is.

    Args:
        model: the candidate.
        model_blessing: from the `Gate`.
        infra_blessing: from `Servability`, or from TFX's InfraValidator.
        push_destination: the folder of versions.
    """

    SPEC_CLASS = PusherSpec
    EXECUTOR_SPEC = ExecutorClassSpec(Executor)
    DRIVER_CLASS = Driver

    def __init__(
        self,
        model: types.BaseChannel,
        model_blessing: types.BaseChannel,
        push_destination: str,
        infra_blessing: types.BaseChannel | None = None,
    ) -> None:
        destination = pusher_pb2.PushDestination(
            filesystem=pusher_pb2.PushDestination.Filesystem(base_directory=push_destination)
        )
        super().__init__(
            PusherSpec(
                model=model,
                model_blessing=model_blessing,
                infra_blessing=infra_blessing,
                push_destination=destination,
                pushed_model=types.Channel(type=standard_artifacts.PushedModel),
            )
        )
