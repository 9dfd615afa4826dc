"""Everything a run's outcome says, as one JSON-ready dictionary: `metrics.json`."""

from __future__ import annotations

import json

from tfx import types
from tfx.dsl.io import fileio

from components.baseline import properties as baselines
from components.gate.component import VERDICT
from components.pusher.properties import PUSHED, PUSHED_DESTINATION, PUSHED_VERSION
from components.segmentation_metrics.read_evaluation import OVERALL, Scores, read_evaluation
from schema.label_map import LabelMap


def summarize(
    name: str,
    split: str,
    label_map: LabelMap,
    evaluation: types.Artifact,
    blessing: types.Artifact,
    baseline: types.Artifact,
    pushed_model: types.Artifact,
) -> dict:
    """Puts scores, baseline and verdict together.

    Args:
        name: of the run.
        split: that was measured.
        label_map: names the classes.
        evaluation: from the Evaluator.
        blessing: from the `Gate`.
        baseline: from `Baseline`.
        pushed_model: from the Pusher.

    Returns:
        `name`, `split`, `images`, `num_classes` (that means are taken over), `mean_iou` and every other metric, those
        of classes by class name (None where undefined), `slices` (the same with `slice`, a feature and its value),
        `baseline` (`state`, `version`, `reason` and its scores) and `verdict` (`blessed`, `pushed`, `version`, `path`,
        `rules`).
    """
    candidate, other = read_evaluation(evaluation.uri, label_map)
    with fileio.open(f"{blessing.uri}/{VERDICT}", "rb") as file:
        verdict = json.loads(file.read())
    slices = [(key, candidate[key]) for key in sorted(candidate) if key != OVERALL]
    return {
        "name": name,
        "split": split,
        **candidate.get(OVERALL, Scores()).to_dict(),
        "slices": [{"slice": dict(key), **scores.to_dict()} for key, scores in slices],
        "baseline": {
            "state": baseline.get_string_custom_property(baselines.STATE),
            "version": baseline.get_string_custom_property(baselines.VERSION) or None,
            "reason": baseline.get_string_custom_property(baselines.REASON) or None,
            **({} if other is None else other[OVERALL].to_dict()),
        },
        "verdict": {
            "pushed": bool(pushed_model.get_int_custom_property(PUSHED)),
            "version": pushed_model.get_string_custom_property(PUSHED_VERSION) or None,
            "path": pushed_model.get_string_custom_property(PUSHED_DESTINATION) or None,
            **verdict,
        },
    }
