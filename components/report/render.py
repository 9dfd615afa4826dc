"""The report of a run as one HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from components.pictures import WRONG
from components.report.choose import AVERAGE, FAILED, GOOD
from components.report.heat_map import heat_map
from components.report.histogram import histogram
from components.report.page import render_page
from components.report.training_curve import TrainingCurve
from schema.label_map import LabelMap

if TYPE_CHECKING:  # the gallery imports TensorFlow, the page does not need it
    from components.report.gallery import Gallery

_TOTALS = {  # beside mean IoU and pixel accuracy, where measured
    "foreground_mean_iou": "Foreground mean IoU",
    "mean_accuracy": "Mean accuracy",
    "fw_iou": "Frequency-weighted IoU",
}
_PER_CLASS = {"precision": "Precision", "recall": "Recall", "dice": "Dice"}  # beside IoU, where measured
_GROUPS = {  # title and note
    GOOD: ("Good", "The highest IoU of all images, the best first."),
    AVERAGE: ("Average", "Around the median, from the better to the worse."),
    FAILED: ("Failed", "The lowest IoU of all images, the worst last."),
}


def render_report(
    metrics: Mapping[str, Any],
    gallery: Gallery,
    label_map: LabelMap,
    config_text: str,
    lineage: Mapping[str, Mapping[str, str]] | None = None,
    curve: TrainingCurve | None = None,
) -> str:
    """A self-contained page, from the verdict down to the run's configuration.

    Args:
        metrics: scores, baseline and verdict of the run, as `summarize` gathers them; null scores are undefined ones.
            Of the scores, `mean_iou`, `pixel_accuracy` and `iou` are required; `confusion`, `[C, C + 1]` pixel
            counts, `slices`, `data`, as `data_overview` gives it, and `hyperparameters`, what a tuner has chosen, are
            not.
        gallery: what to show of the predictions.
        label_map: the classes, in the order of the table.
        config_text: the run's configuration, shown as it is.
        lineage: texts by name, in named groups.
        curve: of the training.

    Returns:
        HTML that requests nothing from anywhere and runs no script but its own. All texts are escaped.

    Raises:
        KeyError: a required part of the metrics or a class of the label map is missing in them.
        ValueError: the confusion matrix has another number of classes.
    """
    columns = [metric for metric in _PER_CLASS if metrics.get(metric)]
    confusion = metrics.get("confusion")
    return render_page(
        "components.report",
        "template.html.j2",
        files("components.report").joinpath("sort.js").read_text("utf-8"),
        filters={"score": _score, "change": _change},
        run={key: metrics[key] for key in ("name", "split", "images", "mean_iou", "num_classes", "pixel_accuracy")},
        interval=metrics.get("mean_iou_interval"),
        totals=_totals(metrics),
        baseline=metrics["baseline"],
        verdict=metrics["verdict"],
        columns=[_PER_CLASS[metric] for metric in columns],
        classes=_classes(metrics, columns, label_map),
        heat_map=heat_map(confusion, label_map.names) if confusion else None,
        slices=[{"pixel_accuracy": None, **entry} for entry in metrics.get("slices") or ()],
        histogram=histogram([score for _, score in gallery.scores]),
        groups=_groups(gallery),
        dataset=metrics.get("data"),
        curve=curve,
        wrong_color=_hex(WRONG),
        lineage=lineage,
        hyperparameters=metrics.get("hyperparameters") or {},
        config_text=config_text,
    )


def _totals(metrics: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": title, "value": metrics[metric], "baseline": metrics["baseline"].get(metric)}
        for metric, title in _TOTALS.items()
        if metric in metrics
    ]


def _classes(metrics: Mapping[str, Any], columns: list[str], label_map: LabelMap) -> list[dict[str, Any]]:
    """A row a class."""
    baseline = metrics["baseline"].get("iou") or {}
    return [
        {
            "name": name,
            "color": _hex(color),
            "iou": metrics["iou"][name],
            "baseline": baseline.get(name),
            "change": _difference(metrics["iou"][name], baseline.get(name)),
            "others": [metrics[metric].get(name) for metric in columns],
        }
        for name, color in zip(label_map.names, label_map.colors, strict=True)
    ]


def _groups(gallery: Gallery) -> list[dict[str, Any]]:
    return [
        {"title": title, "note": note, "pictures": gallery.groups[name]}
        for name, (title, note) in _GROUPS.items()
        if gallery.groups.get(name)
    ]


def _hex(color: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def _difference(value: float | None, before: float | None) -> float | None:
    """To four digits, as shown, so that what looks alike is sorted alike."""
    return None if value is None or before is None else round(value - before, 4) + 0.0


def _score(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.4f}"


def _change(value: float | None, before: float | None) -> str:
    """With its sign, so that it can be read without its colour."""
    change = _difference(value, before)
    if change is None:
        return "–"
    return f"{change:+.4f}".replace("-", "−") if change else "±0.0000"
