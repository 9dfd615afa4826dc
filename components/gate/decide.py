"""The gate's decision, rule by rule, in figures and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from components.gate.settings import EACH, GateSettings, Rule
from components.segmentation_metrics.read_evaluation import Evaluation, Scores, slice_name

_NAMES = {
    "mean_iou": "mean IoU",
    "foreground_mean_iou": "mean IoU of the foreground",
    "pixel_accuracy": "pixel accuracy",
    "mean_accuracy": "mean accuracy",
    "fw_iou": "frequency-weighted IoU",
    "iou": "IoU",
}
_NOT_VALIDATED = "TensorFlow Serving does not load it, or does not answer: what InfraValidator logged says more"


def decide(
    gate: GateSettings,
    candidate: Evaluation,
    baseline: Evaluation | None,
    incompatible: str | None,
    servability: Mapping[str, Any] | None = None,
    validated: bool | None = None,
) -> dict:
    """Holds the scores against every rule.

    A rule on change is left out where there is no baseline. `each` leaves out the classes that the truth lacks; a rule
    that names an undefined score, or a slice without images, fails: what was asked for was not shown.

    Args:
        gate: the rules.
        candidate: its scores, by slice.
        baseline: those of the model that serves now, where one was measured.
        incompatible: why the model that serves now was not measured, if that is so.
        servability: what `check_servability` found, if it was looked at.
        validated: whether TensorFlow Serving loaded it and answered, if it was asked to.

    Returns:
        The verdict: `blessed`, and `rules`, each with `rule`, `metric`, `class`, `slice`, `value`, `bound`, `passed`
        and a `sentence`.
    """
    outcomes = [outcome for rule in gate.all_rules() for outcome in _outcomes(rule, candidate, baseline)]
    if incompatible and gate.incompatible_baseline == "require":
        outcomes.append(
            _without_score(
                "comparable with the model that serves now",
                f"the model that serves now cannot be compared with, as the gate requires: {incompatible}",
                passed=False,
            )
        )
    if servability and (servability["trials"] or not servability["passed"]):
        outcomes += _of_servability(servability)
    if validated is not None:
        sentence = "TensorFlow Serving loads it and answers" if validated else _NOT_VALIDATED
        outcomes.append(_without_score("fit for TensorFlow Serving", sentence, passed=validated))
    return {"blessed": all(outcome["passed"] for outcome in outcomes), "rules": outcomes}


def _of_servability(servability: Mapping[str, Any]) -> list[dict]:
    rule = "fit to be served"
    if servability["passed"]:
        took = f"{servability['latency_ms']:.0f} ms an image, {servability['memory_mb']:.0f} MB"
        return [_without_score(rule, f"it can be served: {servability['trials']} trials, {took}", passed=True)]
    return [_without_score(rule, f"it cannot be served: {fault}", passed=False) for fault in servability["faults"]]


def _without_score(rule: str, sentence: str, *, passed: bool) -> dict[str, Any]:
    nothing = dict.fromkeys(("metric", "class", "slice", "value", "bound"))
    return {"rule": rule, **nothing, "passed": passed, "sentence": sentence}


def _outcomes(rule: Rule, candidate: Evaluation, baseline: Evaluation | None) -> Iterator[dict]:
    key = tuple(rule.where.items())
    scores = candidate.get(key)
    old = None if baseline is None else baseline.get(key)
    classes = _classes(rule, scores)
    if rule.min is not None:
        values = {name: _value(rule, scores, name) for name in classes}
        yield _outcome(rule, values, rule.min, change=False)
    if rule.max_drop is not None and baseline is not None:
        values = {name: _difference(_value(rule, scores, name), _value(rule, old, name)) for name in classes}
        yield _outcome(rule, values, 0.0 - rule.max_drop, change=True)


def _classes(rule: Rule, scores: Scores | None) -> list[str | None]:
    if rule.class_name != EACH:
        return [rule.class_name]
    present = [name for name, value in (scores.classes["iou"] if scores else {}).items() if value is not None]
    return list(present) or [EACH]


def _value(rule: Rule, scores: Scores | None, class_name: str | None) -> float | None:
    if scores is None:
        return None
    return scores.totals.get(rule.metric) if class_name is None else scores.classes[rule.metric].get(class_name)


def _difference(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other


def _outcome(rule: Rule, values: dict[str | None, float | None], bound: float, *, change: bool) -> dict[str, Any]:
    """Of several classes, the worst speaks for all."""
    class_name = min(values, key=lambda name: float("-inf") if (value := values[name]) is None else value)
    value = values[class_name]
    failed = sum(value is None or value < bound for value in values.values())
    others = f" (and {failed - 1} more of {len(values)} classes fail)" if failed > 1 else ""
    subject = _subject(rule, class_name, change=change)
    return {
        "rule": f"{_subject(rule, rule.class_name, change=change)} at least {bound:.4f}",
        "metric": rule.metric,
        "class": class_name,
        "slice": rule.where or None,
        "value": value,
        "bound": bound,
        "passed": not failed,
        "sentence": _sentence(subject, value, bound) + others,
    }


def _subject(rule: Rule, class_name: str | None, *, change: bool) -> str:
    subject = _NAMES.get(rule.metric, rule.metric)
    if class_name is not None:
        subject += " of each class" if class_name == EACH else f" of {class_name}"
    if rule.where:
        subject += f" where {slice_name(rule.where)}"
    return f"change of {subject} against the baseline" if change else subject


def _sentence(subject: str, value: float | None, bound: float) -> str:
    if value is None:
        return f"{subject} is undefined: there was no pixel to count; the least allowed is {bound:.4f}"
    if value == bound:
        return f"{subject} is {value:.4f}, exactly the least allowed"
    margin = abs(value - bound)
    shown = f"{margin:.4f}" if margin >= 0.00005 else "less than 0.0001"
    return f"{subject} is {value:.4f}, {shown} {'above' if value > bound else 'below'} the least allowed, {bound:.4f}"
