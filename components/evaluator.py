"""TFX's Evaluator, for whom a baseline is optional."""

from __future__ import annotations

from typing import Any

from tfx import v1 as tfx
from tfx.components.evaluator import executor as tfx_executor
from tfx.dsl.components.base.executor_spec import BeamExecutorSpec
from tfx.types import standard_component_specs as keys

from components.baseline.properties import FOUND, STATE


class Executor(tfx_executor.Executor):
    """Leaves the baseline out where `Baseline` found none; TFX takes any artifact for a model."""

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        baselines = input_dict.get(keys.BASELINE_MODEL_KEY, [])
        found = [artifact for artifact in baselines if artifact.get_string_custom_property(STATE) == FOUND]
        super().Do({**input_dict, keys.BASELINE_MODEL_KEY: found}, output_dict, exec_properties)


class Evaluator(tfx.components.Evaluator):
    """Measures candidate and baseline with TFMA and blesses the candidate, or not."""

    EXECUTOR_SPEC = BeamExecutorSpec(Executor)
