import pytest

from components.report.read_evaluation import Scores
from components.report.verdict import gate_rules

GATE = {"min_mean_iou": 0.5, "max_mean_iou_drop": 0.125}
CHANGE = "change of mean IoU against the baseline"


@pytest.mark.parametrize(
    ("value", "passed", "sentence"),
    [
        (0.75, True, "mean IoU is 0.7500, 0.2500 above the least allowed, 0.5000"),
        (0.3, False, "mean IoU is 0.3000, 0.2000 below the least allowed, 0.5000"),
        (0.5, True, "mean IoU is 0.5000, exactly the least allowed"),
        (0.50001, True, "mean IoU is 0.5000, less than 0.0001 above the least allowed, 0.5000"),
        (0.49999, False, "mean IoU is 0.5000, less than 0.0001 below the least allowed, 0.5000"),
        (0.0, False, "mean IoU is 0.0000, 0.5000 below the least allowed, 0.5000"),
        (None, False, "mean IoU is undefined: there was no pixel to count; the least allowed is 0.5000"),
    ],
)
def test_without_a_baseline_the_value_decides_alone(value, passed, sentence):
    assert gate_rules(GATE, Scores(mean_iou=value), None) == [
        {"rule": "mean IoU at least 0.5000", "value": value, "bound": 0.5, "passed": passed, "sentence": sentence}
    ]


@pytest.mark.parametrize(
    ("candidate", "baseline", "value", "passed", "sentence"),
    [
        (0.75, 0.5, 0.25, True, f"{CHANGE} is 0.2500, 0.3750 above the least allowed, -0.1250"),
        (0.75, 0.8125, -0.0625, True, f"{CHANGE} is -0.0625, 0.0625 above the least allowed, -0.1250"),
        (0.625, 0.75, -0.125, True, f"{CHANGE} is -0.1250, exactly the least allowed"),
        (0.5, 0.75, -0.25, False, f"{CHANGE} is -0.2500, 0.1250 below the least allowed, -0.1250"),
        (
            None,
            0.75,
            None,
            False,
            f"{CHANGE} is undefined: there was no pixel to count; the least allowed is -0.1250",
        ),
        (
            0.75,
            None,
            None,
            False,
            f"{CHANGE} is undefined: there was no pixel to count; the least allowed is -0.1250",
        ),
    ],
)
def test_a_baseline_adds_a_rule(candidate, baseline, value, passed, sentence):
    first, second = gate_rules(GATE, Scores(mean_iou=candidate), Scores(mean_iou=baseline))
    assert first["value"] == candidate
    assert second == {
        "rule": f"{CHANGE} at least -0.1250",
        "value": value,
        "bound": -0.125,
        "passed": passed,
        "sentence": sentence,
    }


def test_no_drop_allowed_is_plain_zero():
    _, rule = gate_rules({**GATE, "max_mean_iou_drop": 0.0}, Scores(mean_iou=0.75), Scores(mean_iou=0.75))
    assert (rule["passed"], rule["rule"]) == (True, f"{CHANGE} at least 0.0000")
    assert rule["sentence"] == f"{CHANGE} is 0.0000, exactly the least allowed"
