"""The report of a run as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from schema.label_map import LabelMap

if TYPE_CHECKING:  # the gallery imports TensorFlow, the page does not need it
    from components.report.gallery import Picture


def render_report(metrics: dict[str, Any], gallery: Sequence[Picture], label_map: LabelMap, config_text: str) -> str:
    """A self-contained page: the verdict, the scores, the classes, examples and the configuration.

    Args:
        metrics: scores, baseline and verdict of the run, as the report component gathers them; null scores are
            undefined ones.
        gallery: examples to show, in this order.
        label_map: the classes, in the order of the table.
        config_text: the run's configuration, shown as it is.

    Returns:
        HTML that requests nothing from anywhere. All texts are escaped.

    Raises:
        KeyError: a part of the metrics or a class of the label map is missing in them.
    """
    environment = Environment(
        loader=PackageLoader("components.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(score=_score, change=_change)
    return environment.get_template("template.html.j2").render(
        run={key: metrics[key] for key in ("name", "split", "images", "mean_iou", "num_classes", "pixel_accuracy")},
        baseline=metrics["baseline"],
        verdict=metrics["verdict"],
        classes=_classes(metrics, label_map),
        gallery=gallery,
        config_text=config_text,
    )


def _classes(metrics: dict[str, Any], label_map: LabelMap) -> list[dict[str, Any]]:
    """A row a class."""
    baseline = metrics["baseline"].get("iou") or {}
    return [
        {
            "name": name,
            "color": "#{:02x}{:02x}{:02x}".format(*color),
            "iou": metrics["iou"][name],
            "baseline": baseline.get(name),
        }
        for name, color in zip(label_map.names, label_map.colors, strict=True)
    ]


def _score(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.4f}"


def _change(value: float | None, before: float | None) -> str:
    """With its sign, so that it can be read without its colour."""
    if value is None or before is None:
        return "–"
    change = round(value - before, 4)
    return f"{change:+.4f}".replace("-", "−") if change else "±0.0000"
