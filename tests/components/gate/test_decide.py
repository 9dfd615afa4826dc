"""The gate's decision on scores given by hand."""

import pytest
from pydantic import ValidationError

from components.gate.decide import decide
from components.gate.settings import GateSettings, Rule
from components.segmentation_metrics.read_evaluation import OVERALL, Scores

CHANGE = "change of mean IoU against the baseline"
VOC = (("image/source", "voc"),)


def scores(mean_iou: float | None, **iou: float | None) -> Scores:
    return Scores(images=2, totals={"mean_iou": mean_iou, "pixel_accuracy": 0.9}, classes={"iou": iou, "recall": iou})


def verdict(gate: dict, candidate, baseline=None, incompatible=None, servability=None, validated=None) -> dict:
    candidate = candidate if isinstance(candidate, dict) else {OVERALL: candidate}
    baseline = baseline if isinstance(baseline, dict | None) else {OVERALL: baseline}
    settings = GateSettings.model_validate({"min_mean_iou": 0.5, **gate})
    return decide(settings, candidate, baseline, incompatible, servability, validated)


@pytest.mark.parametrize(
    ("value", "passed", "sentence"),
    [
        (0.75, True, "mean IoU is 0.7500, 0.2500 above the least allowed, 0.5000"),
        (0.3, False, "mean IoU is 0.3000, 0.2000 below the least allowed, 0.5000"),
        (0.5, True, "mean IoU is 0.5000, exactly the least allowed"),
        (0.50001, True, "mean IoU is 0.5000, less than 0.0001 above the least allowed, 0.5000"),
        (0.49999, False, "mean IoU is 0.5000, less than 0.0001 below the least allowed, 0.5000"),
        (None, False, "mean IoU is undefined: there was no pixel to count; the least allowed is 0.5000"),
    ],
)
def test_without_a_baseline_the_value_decides_alone(value, passed, sentence):
    result = verdict({}, scores(value))
    assert result["blessed"] is passed
    assert result["rules"] == [
        {
            "rule": "mean IoU at least 0.5000",
            "metric": "mean_iou",
            "class": None,
            "slice": None,
            "value": value,
            "bound": 0.5,
            "passed": passed,
            "sentence": sentence,
        }
    ]


@pytest.mark.parametrize(
    ("candidate", "baseline", "passed", "sentence"),
    [
        (0.75, 0.5, True, f"{CHANGE} is 0.2500, 0.3750 above the least allowed, -0.1250"),
        (0.625, 0.75, True, f"{CHANGE} is -0.1250, exactly the least allowed"),
        (0.5, 0.75, False, f"{CHANGE} is -0.2500, 0.1250 below the least allowed, -0.1250"),
        (0.75, None, False, f"{CHANGE} is undefined: there was no pixel to count; the least allowed is -0.1250"),
    ],
)
def test_a_baseline_adds_a_rule(candidate, baseline, passed, sentence):
    result = verdict({"max_mean_iou_drop": 0.125}, scores(candidate), scores(baseline))
    assert result["rules"][1]["sentence"] == sentence
    assert result["blessed"] is passed


def test_no_drop_allowed_is_plain_zero():
    rule = verdict({}, scores(0.75), scores(0.75))["rules"][1]
    assert (rule["passed"], rule["rule"]) == (True, f"{CHANGE} at least 0.0000")


def test_a_class_that_collapses_blocks_though_the_mean_rises():
    gate = {"max_class_iou_drop": 0.05}
    old, new = scores(0.6, sky=0.6, road=0.6, car=None), scores(0.7, sky=0.9, road=0.5, car=None)
    result = verdict(gate, new, old)
    assert [rule["passed"] for rule in result["rules"]] == [True, True, False]
    assert result["rules"][2]["class"] == "road" and result["rules"][2]["value"] == pytest.approx(-0.1)
    assert result["rules"][2]["sentence"] == (
        "change of IoU of road against the baseline is -0.1000, 0.0500 below the least allowed, -0.0500"
    )
    assert verdict(gate, scores(0.7, sky=0.9, road=0.56), old)["blessed"]


def test_the_worst_class_speaks_for_all_that_fail():
    rules = [{"metric": "iou", "class_name": "each", "min": 0.5}]
    result = verdict({"rules": rules}, scores(0.6, sky=0.4, road=0.1, car=0.9, bus=None))
    assert result["rules"][1]["sentence"] == (
        "IoU of road is 0.1000, 0.4000 below the least allowed, 0.5000 (and 1 more of 3 classes fail)"
    )


@pytest.mark.parametrize(
    ("rule", "passed", "subject"),
    [
        ({"metric": "pixel_accuracy", "min": 0.8}, True, "pixel accuracy is 0.9000"),
        ({"metric": "recall", "class_name": "sky", "min": 0.5}, True, "recall of sky is 0.6000"),
        ({"metric": "iou", "class_name": "sky", "min": 0.7}, False, "IoU of sky is 0.6000"),
        ({"metric": "iou", "class_name": "bus", "min": 0.0}, False, "IoU of bus is undefined"),
        (
            {"metric": "mean_iou", "where": {"image/source": "voc"}, "min": 0.5},
            False,
            "where image/source is voc is 0.3",
        ),
        (
            {"metric": "mean_iou", "where": {"image/source": "sbd"}, "min": 0.5},
            False,
            "where image/source is sbd is undef",
        ),
    ],
)
def test_rules_on_metrics_classes_and_slices(rule, passed, subject):
    candidate = {OVERALL: scores(0.6, sky=0.6, bus=None), VOC: scores(0.3, sky=0.3)}
    outcome = verdict({"rules": [rule]}, candidate)["rules"][1]
    assert outcome["passed"] is passed and subject in outcome["sentence"]


@pytest.mark.parametrize(("policy", "blessed"), [("ignore", True), ("require", False)])
def test_an_incompatible_baseline_blocks_where_the_policy_says_so(policy, blessed):
    result = verdict({"incompatible_baseline": policy}, scores(0.9), incompatible="other classes")
    assert result["blessed"] is blessed
    assert ("other classes" in result["rules"][-1]["sentence"]) is not blessed


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"metric": "mean_iou"}, "needs min or max_drop"),
        ({"metric": "iou", "min": 0.5}, "give class_name"),
        ({"metric": "mean_iou", "class_name": "sky", "min": 0.5}, "has no class_name"),
        ({"metric": "miou", "min": 0.5}, "mean_iou"),
    ],
)
def test_rules_that_mean_nothing_are_refused(rule, message):
    with pytest.raises(ValidationError, match=message):
        Rule.model_validate(rule)


SERVED = {"passed": True, "faults": [], "trials": 19, "latency_ms": 41.6, "memory_mb": 812.3}


def test_a_model_that_can_be_served_says_what_it_takes():
    result = verdict({}, scores(0.75), servability=SERVED)
    assert result["blessed"]
    assert result["rules"][1] == {
        "rule": "fit to be served",
        **dict.fromkeys(("metric", "class", "slice", "value", "bound")),
        "passed": True,
        "sentence": "it can be served: 19 trials, 42 ms an image, 812 MB",
    }


def test_each_reason_why_it_cannot_be_served_blocks_it_whatever_its_scores():
    faults = ["the signature rest: it is missing", "latency: 90 ms, more than the 50 ms of servability.max_latency_ms"]
    result = verdict({}, scores(1.0), servability={**SERVED, "passed": False, "faults": faults})
    assert not result["blessed"]
    assert [rule["sentence"] for rule in result["rules"][1:]] == [f"it cannot be served: {fault}" for fault in faults]


def test_a_model_that_was_not_tried_is_judged_by_its_scores():
    result = verdict({}, scores(0.75), servability={**SERVED, "trials": 0, "latency_ms": None})
    assert result["blessed"] and len(result["rules"]) == 1


@pytest.mark.parametrize(
    ("validated", "sentence"),
    [
        (True, "TensorFlow Serving loads it and answers"),
        (
            False,
            "TensorFlow Serving does not load it, or does not answer: what InfraValidator logged says more",
        ),
    ],
)
def test_what_tensorflow_serving_said_decides_too(validated, sentence):
    result = verdict({}, scores(0.75), servability=SERVED, validated=validated)
    assert result["blessed"] is validated
    told = result["rules"][-1]
    assert (told["rule"], told["passed"], told["sentence"]) == ("fit for TensorFlow Serving", validated, sentence)
