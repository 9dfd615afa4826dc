"""Looks for images that are in two splits."""

from __future__ import annotations

from typing import ClassVar

from tfx.dsl.components.base.base_beam_component import BaseBeamComponent
from tfx.dsl.components.base.executor_spec import BeamExecutorSpec
from tfx.types import standard_artifacts
from tfx.types.channel import BaseChannel, Channel
from tfx.types.component_spec import ChannelParameter, ComponentSpec, ExecutionParameter

from components.leak_guard.executor import Executor
from components.leak_guard.leak_findings import LeakFindings
from components.leak_guard.properties import DISTANCE, EXAMPLES, FINDINGS, NEAR_DUPLICATES


class LeakGuardSpec(ComponentSpec):
    """What goes in and comes out."""

    PARAMETERS: ClassVar = {
        NEAR_DUPLICATES: ExecutionParameter(type=str),
        DISTANCE: ExecutionParameter(type=int),
        "code": ExecutionParameter(type=str),
    }
    INPUTS: ClassVar = {EXAMPLES: ChannelParameter(type=standard_artifacts.Examples)}
    OUTPUTS: ClassVar = {FINDINGS: ChannelParameter(type=LeakFindings)}


class LeakGuard(BaseBeamComponent):
    """Fails the run where a model would be measured on images that it was trained on.

    Args:
        examples: from SegmentationExampleGen.
        near_duplicates: `warn`, `fail` or `ignore` when images of two splits look nearly the same.
        distance: that they do if their perceptual hashes differ in at most so many bits of 64.
        code: a fingerprint of this code, so that a changed guard is not answered from the cache.
    """

    SPEC_CLASS = LeakGuardSpec
    EXECUTOR_SPEC = BeamExecutorSpec(Executor)

    def __init__(self, examples: BaseChannel, near_duplicates: str = "warn", distance: int = 4, code: str = "") -> None:
        channels = {EXAMPLES: examples, FINDINGS: Channel(type=LeakFindings)}
        super().__init__(LeakGuardSpec(near_duplicates=near_duplicates, distance=distance, code=code, **channels))
