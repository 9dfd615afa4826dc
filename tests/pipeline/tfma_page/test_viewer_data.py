import pytest

from pipeline.tfma_page.viewer_data import viewer_data
from schema.label_map import LabelMap
from schema.record import CLASSES_PRESENT
from tests.pipeline.tfma_page.evaluation import NAN, metrics, plots, write_evaluation

LABEL_MAP = LabelMap(names=("sky", "land: dry", "water"), colors=((0, 0, 0), (1, 1, 1), (2, 2, 2)))
PLOT = "multiClassConfusionMatrixAtThresholds"


def test_metrics_are_by_slice_and_by_the_names_of_classes(tmp_path):
    of_slices = [
        metrics(("mean_iou", None, 0.25), slice_key=(CLASSES_PRESENT, 2)),
        metrics(("mean_iou", None, 0.5), ("iou", 0, 0.75), ("iou", 1, NAN)),
        metrics(("mean_iou", None, 0.125), slice_key=("image/source", b"caf\xe9 <b>")),
    ]
    assert viewer_data(write_evaluation(tmp_path / "e", of_slices), LABEL_MAP).metrics == [
        {
            "slice": "Overall",
            "metrics": {
                "": {
                    "": {"mean_iou": {"doubleValue": 0.5}},
                    "classId:sky": {"iou": {"doubleValue": 0.75}},
                    "classId:land∶ dry": {"iou": {"doubleValue": "NaN"}},
                }
            },
        },
        {"slice": "class/present:water", "metrics": {"": {"": {"mean_iou": {"doubleValue": 0.25}}}}},
        {"slice": "image/source:caf\\xe9 <b>", "metrics": {"": {"": {"mean_iou": {"doubleValue": 0.125}}}}},
    ]


def test_of_two_models_it_is_the_candidate_that_is_shown(tmp_path):
    both = metrics(("mean_iou", None, 0.5), ("mean_iou_diff", None, -0.25), model="candidate")
    both.MergeFrom(metrics(("mean_iou", None, 0.75), model="baseline"))
    matrices = plots({(0, 0): 1}, model="candidate")
    matrices.MergeFrom(plots({(0, 0): 2}, model="baseline"))
    data = viewer_data(write_evaluation(tmp_path / "e", [both], [matrices]), LABEL_MAP)
    assert data.metrics[0]["metrics"][""][""] == {
        "mean_iou": {"doubleValue": 0.5},
        "mean_iou_diff": {"doubleValue": -0.25},
    }
    (plot,) = data.plots
    assert plot["data"][PLOT]["matrices"][0]["entries"][0]["numWeightedExamples"] == 1.0


def test_intervals_are_kept(tmp_path):
    message = metrics(("mean_iou", None, 0.5))
    interval = message.metric_keys_and_values[0].confidence_interval
    interval.lower_bound.double_value.value, interval.upper_bound.double_value.value = 0.25, 0.75
    data = viewer_data(write_evaluation(tmp_path / "e", [message]), LABEL_MAP)
    assert data.metrics[0]["metrics"][""][""]["mean_iou"] == {
        "boundedValue": {"lowerBound": 0.25, "upperBound": 0.75, "value": 0.5}
    }


def test_matrices_are_by_slice_the_whole_split_first(tmp_path):
    in_plots = [
        plots({}, slice_key=(CLASSES_PRESENT, 1)),
        plots({(0, 0): 900, (0, 1): 20, (2, -1): 3}),
    ]
    evaluation = write_evaluation(tmp_path / "e", [metrics(("mean_iou", None, 0.5))], in_plots)
    overall, nothing = viewer_data(evaluation, LABEL_MAP).plots
    assert overall["config"]["sliceName"] == "Overall"
    assert overall["config"]["metricKeys"]["multiClassConfusionMatrixPlot"] == {
        "metricName": PLOT,
        "dataSeries": "matrices",
    }
    assert [
        (entry["actualClassId"], entry["predictedClassId"], entry["numWeightedExamples"])
        for entry in overall["data"][PLOT]["matrices"][0]["entries"]
    ] == [("sky", "sky", 900.0), ("sky", "land: dry", 20.0), ("water", -1, 3.0)]
    assert nothing["config"]["sliceName"] == "class/present:land: dry"
    assert nothing["data"][PLOT]["matrices"] == [{"entries": []}]


@pytest.mark.parametrize("empty", [False, True])
def test_an_evaluation_without_matrices(tmp_path, empty):
    message = plots({})
    message.ClearField("plot_keys_and_values")
    evaluation = write_evaluation(tmp_path / "e", [metrics(("mean_iou", None, 0.5))], [message] if empty else [])
    assert viewer_data(evaluation, LABEL_MAP).plots == []
