"""TFX's Evaluator, for whom a baseline is optional."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from tensorflow_model_analysis.proto import config_pb2
from tfx import types
from tfx.components.evaluator import executor as tfx_executor
from tfx.dsl.components.base.base_beam_component import BaseBeamComponent
from tfx.dsl.components.base.executor_spec import BeamExecutorSpec
from tfx.types import standard_artifacts
from tfx.types import standard_component_specs as keys
from tfx.types.component_spec import ExecutionParameter

from components.baseline.properties import FOUND, STATE


class Executor(tfx_executor.Executor):
    """Leaves the baseline out where `Baseline` found none; TFX takes any artifact for a model."""

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        baselines = input_dict.get(keys.BASELINE_MODEL_KEY, [])
        found = [artifact for artifact in baselines if artifact.get_string_custom_property(STATE) == FOUND]
        super().Do({**input_dict, keys.BASELINE_MODEL_KEY: found}, output_dict, exec_properties)


class EvaluatorSpec(keys.EvaluatorSpec):
    """TFX's, and a fingerprint of the metric's code."""

    PARAMETERS: ClassVar = {**keys.EvaluatorSpec.PARAMETERS, "code": ExecutionParameter(type=str)}


class Evaluator(BaseBeamComponent):
    """Measures candidate and baseline with TFMA; the `Gate` decides.

    Args:
        examples: what is measured on.
        model: the candidate.
        baseline_model: from `Baseline`.
        schema: of the examples.
        eval_config: what is measured.
        split: of the examples.
        code: a fingerprint of the metric's code, so that a changed metric is not answered from the cache.
    """

    SPEC_CLASS = EvaluatorSpec
    EXECUTOR_SPEC = BeamExecutorSpec(Executor)

    def __init__(
        self,
        examples: types.BaseChannel,
        model: types.BaseChannel,
        baseline_model: types.BaseChannel,
        schema: types.BaseChannel,
        eval_config: config_pb2.EvalConfig,
        split: str,
        code: str = "",
    ) -> None:
        super().__init__(
            EvaluatorSpec(
                examples=examples,
                model=model,
                baseline_model=baseline_model,
                schema=schema,
                eval_config=eval_config,
                example_splits=json.dumps([split]),
                code=code,
                evaluation=types.Channel(type=standard_artifacts.ModelEvaluation),
                blessing=types.Channel(type=standard_artifacts.ModelBlessing),
            )
        )
