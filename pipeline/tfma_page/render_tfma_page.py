"""TFMA's viewer with an evaluation in it, as one HTML page."""

from __future__ import annotations

from importlib.resources import files

from jinja2.utils import htmlsafe_json_dumps
from tensorflow_model_analysis.version import VERSION

from components.report.page import render_page
from pipeline.tfma_page.viewer_data import ViewerData

_VIEWER = "static/vulcanized_tfma.js"


def render_tfma_page(data: ViewerData, *, name: str, split: str | None, number: int, ended: str) -> str:
    """A self-contained page: metrics by slice, and the confusion matrix where there is one.

    Args:
        data: of the run's evaluation.
        name: of the pipeline.
        split: that was measured, where it is known.
        number: of the run.
        ended: when, in words.

    Returns:
        HTML that requests nothing from anywhere. TFMA's viewer is the one of the installed package.
    """
    here = files(__package__)
    charts, widgets = (here.joinpath(f"{script}.js").read_text("utf-8") for script in ("charts", "widgets"))
    viewer = files("tensorflow_model_analysis").joinpath(_VIEWER).read_text("utf-8")
    return render_page(
        "pipeline.tfma_page",
        "tfma.html.j2",
        charts,
        viewer,
        widgets,
        version=VERSION,
        name=name,
        split=split,
        number=number,
        ended=ended,
        compared=_compared(data),
        plots=data.plots,
        metrics_json=htmlsafe_json_dumps(data.metrics, allow_nan=False),
        plots_json=htmlsafe_json_dumps(data.plots, allow_nan=False),
    )


def _compared(data: ViewerData) -> bool:
    return any(
        name.endswith("_diff")
        for entry in data.metrics
        for by_sub_key in entry["metrics"].values()
        for metrics in by_sub_key.values()
        for name in metrics
    )
