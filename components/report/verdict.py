"""The gate's verdict in words."""

from __future__ import annotations

from components.report.read_evaluation import Scores


def gate_rules(gate: dict, candidate: Scores, baseline: Scores | None) -> list[dict]:
    """Each rule of the gate with its value, its bound, whether it passed, and a sentence that says so.

    Args:
        gate: `GateSettings` as a dictionary.
        candidate: its scores.
        baseline: those of the model that serves now, where one was measured.
    """
    rules = [_rule("mean IoU", candidate.mean_iou, gate["min_mean_iou"], "the least allowed")]
    if baseline is not None:
        value = _difference(candidate.mean_iou, baseline.mean_iou)
        rules.append(
            _rule(
                "change of mean IoU against the baseline", value, 0.0 - gate["max_mean_iou_drop"], "the least allowed"
            )
        )
    return rules


def _rule(name: str, value: float | None, bound: float, bound_name: str) -> dict:
    passed = value is not None and value >= bound
    if value is None:
        sentence = f"{name} is undefined: there was no pixel to count; {bound_name} is {bound:.4f}"
    elif value == bound:
        sentence = f"{name} is {value:.4f}, exactly {bound_name}"
    else:
        margin = _margin(abs(value - bound))
        sentence = f"{name} is {value:.4f}, {margin} {'above' if passed else 'below'} {bound_name}, {bound:.4f}"
    return {
        "rule": f"{name} at least {bound:.4f}",
        "value": value,
        "bound": bound,
        "passed": passed,
        "sentence": sentence,
    }


def _margin(value: float) -> str:
    return f"{value:.4f}" if value >= 0.00005 else "less than 0.0001"


def _difference(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other
