"""What TFMA's viewer shows of an evaluation, in the viewer's own form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.slicer import slicer_lib
from tensorflow_model_analysis.view import util

from schema.label_map import LabelMap
from schema.record import CLASSES_PRESENT

_CLASS = "classId:"


@dataclass(frozen=True)
class ViewerData:
    """What the viewer's elements are given; JSON throughout, classes by their names.

    Args:
        metrics: for `tfma-nb-slicing-metrics`, `slice` and `metrics` of each slice; those of a class are under
            `classId:NAME`, differences to the baseline end in `_diff`.
        plots: for `tfma-nb-plot`, `data` and `config` of each slice; none where no plot was stored.
    """

    metrics: list[dict[str, Any]]
    plots: list[dict[str, Any]]


def viewer_data(directory: str, label_map: LabelMap) -> ViewerData:
    """Reads what the Evaluator measured of the candidate.

    Args:
        directory: the Evaluator's evaluation artifact.
        label_map: names the classes.
    """
    of_slices = list(tfma.load_metrics(directory))
    models = {entry.key.model_name for metrics in of_slices for entry in metrics.metric_keys_and_values}
    (model,) = models - {tfma.BASELINE_KEY}
    plots = []
    for in_slice in tfma.load_plots(directory):
        if in_slice.plot_keys_and_values:
            plots.append(_plot(in_slice, model, label_map))
    return ViewerData(
        metrics=sorted((_metrics(in_slice, model, label_map) for in_slice in of_slices), key=_overall_first),
        plots=sorted(plots, key=lambda plot: _overall_first({"slice": plot["config"]["sliceName"]})),
    )


def _overall_first(entry: dict[str, Any]) -> tuple[bool, str]:
    return entry["slice"] != slicer_lib.OVERALL_SLICE_NAME, entry["slice"]


def _metrics(in_slice: Any, model: str, label_map: LabelMap) -> dict[str, Any]:
    _name_values(in_slice.slice_key, label_map)
    key, by_output = util.convert_metrics_proto_to_dict(in_slice, model_name=model)
    return {
        "slice": slicer_lib.stringify_slice_key(key),
        "metrics": {
            output: {_name_class(sub_key, label_map): metrics for sub_key, metrics in by_sub_key.items()}
            for output, by_sub_key in by_output.items()
        },
    }


def _plot(in_slice: Any, model: str, label_map: LabelMap) -> dict[str, Any]:
    _name_values(in_slice.slice_key, label_map)
    key, by_output = util.convert_plots_proto_to_dict(in_slice, model_name=model)
    # As if it were of the whole split: TFMA looks for a slice, and there is only this one.
    data, config = util.get_plot_data_and_config([((), by_output)], slicer_lib.SingleSliceSpec())
    for plot in data.values():
        for matrix in plot["matrices"]:
            for entry in matrix.setdefault("entries", []):  # the viewer counts on it, and nothing is not written
                for role in ("actualClassId", "predictedClassId"):
                    index = entry.get(role, 0)  # nor is 0
                    entry[role] = label_map.names[index] if index >= 0 else index
    return {"data": data, "config": {**config, "sliceName": slicer_lib.stringify_slice_key(key)}}


def _name_values(key: Any, label_map: LabelMap) -> None:
    """Makes the values of a slice's key (`SliceKey`) texts that can be shown."""
    for part in key.single_slice_keys:
        value = getattr(part, part.WhichOneof("kind"))
        if part.column == CLASSES_PRESENT:
            value = label_map.names[value]
        text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
        part.bytes_value = text.encode()


def _name_class(sub_key: str, label_map: LabelMap) -> str:
    """`classId:3` with the class's name; the viewer cuts at colons, so the name has none."""
    if not sub_key.startswith(_CLASS):
        return sub_key
    return _CLASS + label_map.names[int(sub_key.removeprefix(_CLASS))].replace(":", "∶")
