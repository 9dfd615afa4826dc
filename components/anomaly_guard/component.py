"""Stops the run on data that is not what the schema expects: ExampleValidator only writes it down."""

from __future__ import annotations

import json
from typing import ClassVar

from tfx.dsl.components.base.base_component import BaseComponent
from tfx.dsl.components.base.executor_spec import ExecutorClassSpec
from tfx.types import standard_artifacts
from tfx.types.channel import BaseChannel
from tfx.types.component_spec import ChannelParameter, ComponentSpec, ExecutionParameter

from components.anomaly_guard.driver import Driver
from components.anomaly_guard.executor import Executor
from components.anomaly_guard.properties import (
    ANOMALIES,
    COMPARED_WITH,
    EXAMPLES,
    KEPT,
    LABEL_MAP,
    SCHEMA,
    STATISTICS,
)


class AnomalyGuardSpec(ComponentSpec):
    """What goes in; nothing comes out."""

    PARAMETERS: ClassVar = {
        LABEL_MAP: ExecutionParameter(type=str),
        KEPT: ExecutionParameter(type=str, optional=True),
        COMPARED_WITH: ExecutionParameter(type=str, optional=True),
        "code": ExecutionParameter(type=str),
    }
    INPUTS: ClassVar = {
        EXAMPLES: ChannelParameter(type=standard_artifacts.Examples),
        STATISTICS: ChannelParameter(type=standard_artifacts.ExampleStatistics),
        SCHEMA: ChannelParameter(type=standard_artifacts.Schema),
        ANOMALIES: ChannelParameter(type=standard_artifacts.ExampleAnomalies),
    }
    OUTPUTS: ClassVar[dict[str, ChannelParameter]] = {}


class AnomalyGuard(BaseComponent):
    """Fails the run on an anomaly of a split, on splits that differ, and on data that has drifted.

    Drift is a difference from the newest other data that passed here, whose statistics the guard keeps in a folder of
    its own. It looks there, not into metadata, so it works on every orchestrator.

    Args:
        examples: from SegmentationExampleGen, whose summary names images.
        statistics: from StatisticsGen.
        schema: what the statistics were made with.
        anomalies: from ExampleValidator, which looks at each split alone.
        label_map: `LabelMap.to_dict()`, which names classes.
        kept: the folder of statistics; without one drift is not looked for.
        code: a fingerprint of this code, so that a changed guard is not answered from the cache.
    """

    SPEC_CLASS = AnomalyGuardSpec
    EXECUTOR_SPEC = ExecutorClassSpec(Executor)
    DRIVER_CLASS = Driver

    def __init__(
        self,
        examples: BaseChannel,
        statistics: BaseChannel,
        schema: BaseChannel,
        anomalies: BaseChannel,
        label_map: dict,
        kept: str | None = None,
        code: str = "",
    ) -> None:
        channels = {EXAMPLES: examples, STATISTICS: statistics, SCHEMA: schema, ANOMALIES: anomalies}
        super().__init__(
            AnomalyGuardSpec(label_map=json.dumps(label_map, sort_keys=True), kept=kept, code=code, **channels)
        )
