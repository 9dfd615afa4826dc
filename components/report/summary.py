"""Everything a run's outcome says, as one JSON-ready dictionary: `metrics.json`."""

from __future__ import annotations

import dataclasses

from tfx import types
from tfx.components.util import model_utils

from components.baseline import properties as baselines
from components.pusher import PUSHED, PUSHED_DESTINATION, PUSHED_VERSION
from components.report.read_evaluation import read_evaluation
from components.report.verdict import gate_rules
from schema.label_map import LabelMap


def summarize(
    name: str,
    evaluation_settings: dict,
    label_map: LabelMap,
    evaluation: types.Artifact,
    blessing: types.Artifact,
    baseline: types.Artifact,
    pushed_model: types.Artifact,
) -> dict:
    """Puts scores, baseline and verdict together.

    Args:
        name: of the run.
        evaluation_settings: `EvaluationSettings` as a dictionary.
        label_map: names the classes.
        evaluation, blessing: from the Evaluator.
        baseline: from `Baseline`.
        pushed_model: from the Pusher.

    Returns:
        `name`, `split`, `images`, `mean_iou`, `num_classes` (averaged over), `pixel_accuracy`, `iou` by class name
        (None where undefined), `baseline` (`state`, `version`, `reason` and its scores) and `verdict` (`blessed`,
        `pushed`, `version`, `path`, `rules`).
    """
    candidate, other = read_evaluation(evaluation.uri, label_map)
    rules = gate_rules(evaluation_settings["gate"], candidate, other)
    blessed = model_utils.is_model_blessed(blessing)
    if blessed != all(rule["passed"] for rule in rules):
        raise RuntimeError(f"the Evaluator's blessing ({blessed}) contradicts the rules as read here: {rules}")
    return {
        "name": name,
        "split": evaluation_settings["split"],
        **dataclasses.asdict(candidate),
        "baseline": {
            "state": baseline.get_string_custom_property(baselines.STATE),
            "version": baseline.get_string_custom_property(baselines.VERSION) or None,
            "reason": baseline.get_string_custom_property(baselines.REASON) or None,
            **({} if other is None else dataclasses.asdict(other)),
        },
        "verdict": {
            "blessed": blessed,
            "pushed": bool(pushed_model.get_int_custom_property(PUSHED)),
            "version": pushed_model.get_string_custom_property(PUSHED_VERSION) or None,
            "path": pushed_model.get_string_custom_property(PUSHED_DESTINATION) or None,
            "rules": rules,
        },
    }
