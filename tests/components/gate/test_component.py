"""The Gate through its executor: what others found makes one blessing and one verdict."""

import json

import numpy as np
import pytest
from tfx import v1 as tfx

from components.gate.component import Gate
from components.servability.properties import NOT_TRIED, SERVABILITY
from schema.label_map import LabelMap
from tests.components.run_executor import make_artifact, run_executor
from tests.components.segmentation_metrics.evaluation import evaluate, example

pytestmark = pytest.mark.slow

artifacts = tfx.types.standard_artifacts
LABEL_MAP = LabelMap(("a", "b"), ((0, 0, 0), (255, 0, 0)))


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    """Of two masks without a wrong pixel."""
    folder = tmp_path_factory.mktemp("evaluation")
    mask = np.array([[0, 1]], np.uint8)
    evaluate(folder, [example(mask, mask), example(mask, mask)], [{"num_classes": 2}])
    return folder


@pytest.mark.parametrize(("validated", "blessed"), [(None, True), (1, True), (0, False)])
def test_what_infra_validator_says_blesses_or_not(evaluation, tmp_path, validated, blessed):
    servability = make_artifact(artifacts.InfraBlessing, tmp_path / "servability")
    (tmp_path / "servability" / SERVABILITY).write_text(json.dumps(dict(NOT_TRIED)))
    inputs = {
        "evaluation": make_artifact(artifacts.ModelEvaluation, evaluation),
        "baseline": make_artifact(artifacts.Model, tmp_path / "baseline"),
        "model": make_artifact(artifacts.Model, tmp_path / "model"),
        "servability": servability,
    }
    if validated is not None:
        inputs["infra"] = make_artifact(artifacts.InfraBlessing, tmp_path / "infra")
        inputs["infra"].set_int_custom_property("blessed", validated)
    blessing = make_artifact(artifacts.ModelBlessing, tmp_path / "blessing")
    settings = {"gate": {"min_mean_iou": 0.5}, "label_map": LABEL_MAP.to_dict()}
    run_executor(Gate, tmp_path, inputs, {"blessing": blessing}, {"settings": json.dumps(settings)})
    assert blessing.get_int_custom_property("blessed") == int(blessed)
    assert (tmp_path / "blessing" / ("BLESSED" if blessed else "NOT_BLESSED")).is_file()
    verdict = json.loads((tmp_path / "blessing" / "verdict.json").read_text())
    assert verdict["blessed"] is blessed and verdict["rules"][0]["passed"]
    assert len(verdict["rules"]) == 1 + (validated is not None)
