"""Copies the baseline."""

from __future__ import annotations

from typing import Any

from tfx.dsl.components.base.base_executor import BaseExecutor
from tfx.utils import io_utils, path_utils

from components.baseline.candidate_path import candidate_path
from components.baseline.incompatibility import incompatibility
from components.baseline.properties import (
    BASELINE,
    FIRST,
    FOUND,
    INCOMPATIBLE,
    PUSH_DESTINATION,
    REASON,
    SIGNATURE,
    STATE,
    VERSION,
)
from components.pushed_models.find_pushed import find_pushed


class Executor(BaseExecutor):
    """See `Baseline`."""

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        (baseline,) = output_dict[BASELINE]
        candidate = candidate_path(input_dict)
        pushed = find_pushed(exec_properties[PUSH_DESTINATION], other_than=candidate)
        if pushed is None:
            baseline.set_string_custom_property(STATE, FIRST)
            return
        baseline.set_string_custom_property(VERSION, pushed.rsplit("/", 1)[-1])
        reason = incompatibility(candidate, pushed, exec_properties[SIGNATURE]) if candidate else None
        if reason:
            baseline.set_string_custom_property(STATE, INCOMPATIBLE)
            baseline.set_string_custom_property(REASON, reason)
            return
        io_utils.copy_dir(pushed, path_utils.serving_model_dir(baseline.uri))
        baseline.set_string_custom_property(STATE, FOUND)
