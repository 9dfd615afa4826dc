"""What TFMA measures and blesses, told again: the pipeline's own evaluation of two models, then `summarize`."""

import io
import json
from pathlib import Path

import apache_beam as beam
import numpy as np
import pytest
import tensorflow as tf
import tensorflow_model_analysis as tfma
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from PIL import Image
from tfx import v1 as tfx
from tfx.components.util import model_utils
from tfx_bsl.public import tfxio

from components.gate.component import Gate
from components.report.summary import summarize
from components.servability.properties import NOT_TRIED, SERVABILITY
from pipeline.eval_config import eval_config
from pipeline.evaluation_settings import EvaluationSettings
from schema import record
from schema.label_map import FILE_NAME
from tests.components.report.fake_model import LABEL_MAP, FakeModel, encode
from tests.components.run_executor import make_artifact, run_executor

pytestmark = pytest.mark.slow

artifacts = tfx.types.standard_artifacts

# Green levels as the model sees them (0 dark, 150 grey, 250 bright), and the truth.
IMAGES = [([[0, 0, 150, 150]], [[0, 0, 1, 2]]), ([[250, 250, 0, 0]], [[2, 2, 255, 1]])]
# The model that tells all three: dark 2 of 3, grey 1 of 3, bright 2 of 3; 5 of 7 labelled pixels.
GOOD = {
    "mean_iou": (2 / 3 + 1 / 3 + 2 / 3) / 3,
    "num_classes": 3,
    "pixel_accuracy": 5 / 7,
    "images": 2,
    "iou": {"dark": 2 / 3, "grey": 1 / 3, "bright": 2 / 3},
}
# The one that takes bright for grey: dark 2 of 3, grey 1 of 5, bright 0 of 3.
POOR = {
    "mean_iou": (2 / 3 + 1 / 5 + 0) / 3,
    "num_classes": 3,
    "pixel_accuracy": 3 / 7,
    "images": 2,
    "iou": {"dark": 2 / 3, "grey": 1 / 5, "bright": 0.0},
}
VOID = [([[0, 150]], [[255, 255]])]


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("models")
    LABEL_MAP.save(root / FILE_NAME)
    for name, limits in {"good": [100, 200], "poor": [100, 256]}.items():
        model = FakeModel(root / FILE_NAME)
        model.limits.assign(limits)
        tf.saved_model.save(model, str(root / name), signatures={"from_examples": model.from_examples})
    return root


def serialize(levels, mask, source: str) -> bytes:
    png = io.BytesIO()
    Image.fromarray(np.array(mask, np.uint8)).save(png, "PNG")
    features = {record.IMAGE: encode(levels), record.MASK: png.getvalue(), record.SOURCE: source.encode()}
    return tf.train.Example(
        features=tf.train.Features(
            feature={
                key: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value])) for key, value in features.items()
            }
        )
    ).SerializeToString()


@pytest.fixture
def evaluate(models, tmp_path):
    """A function that evaluates and decides as the pipeline does; returns `summarize`'s arguments.

    `state` are the baseline's properties.
    """

    def evaluate(
        gate: dict,
        candidate: str,
        baseline: str | None = None,
        images=IMAGES,
        slices=(),
        confidence_intervals=False,
        **state: str,
    ) -> dict:
        settings = EvaluationSettings(gate=gate, slices=slices, confidence_intervals=confidence_intervals)
        config = tfma.utils.update_eval_config_with_defaults(
            eval_config(settings, LABEL_MAP), has_baseline=baseline is not None, rubber_stamp=True
        )
        shared = [
            tfma.default_eval_shared_model(str(models / name), model_name=spec.name, eval_config=config)
            for name, spec in zip([candidate, baseline], config.model_specs, strict=False)
        ]
        evaluation = make_artifact(artifacts.ModelEvaluation, tmp_path / "evaluation")
        source = tfxio.TFExampleBeamRecord(physical_format="inmem", raw_record_column_name=tfma.ARROW_INPUT_COLUMN)
        with beam.Pipeline(runner=FnApiRunner()) as pipeline:
            _ = (
                pipeline
                | beam.Create([serialize(*image, source) for image, source in zip(images, "ab", strict=False)])
                | source.BeamSource()
                | tfma.ExtractEvaluateAndWriteResults(
                    eval_shared_model=shared if baseline else shared[0],
                    eval_config=config,
                    output_path=evaluation.uri,
                )
            )
        compared = make_artifact(artifacts.Model, tmp_path / "baseline")
        for key, value in state.items():
            compared.set_string_custom_property(key, value)
        blessing = make_artifact(artifacts.ModelBlessing, tmp_path / "blessing")
        model = make_artifact(artifacts.Model, tmp_path / "model")
        servability = make_artifact(artifacts.InfraBlessing, tmp_path / "servability")
        (tmp_path / "servability" / SERVABILITY).write_text(json.dumps(dict(NOT_TRIED)))
        run_executor(
            Gate,
            tmp_path,
            {"evaluation": evaluation, "baseline": compared, "model": model, "servability": servability},
            {"blessing": blessing},
            {"settings": json.dumps({"gate": gate, "label_map": LABEL_MAP.to_dict()})},
        )
        assert model_utils.is_model_blessed(blessing) is (tmp_path / "blessing" / "BLESSED").exists()
        return {
            "name": "test",
            "split": "eval",
            "label_map": LABEL_MAP,
            "evaluation": evaluation,
            "blessing": blessing,
            "baseline": compared,
            "pushed_model": make_artifact(artifacts.PushedModel, tmp_path / "pushed_model"),
        }

    return evaluate


def approx(scores: dict) -> dict:
    return {key: pytest.approx(value) for key, value in scores.items()}


def rules(summary: dict) -> list[tuple]:
    return [(rule["value"], rule["bound"], rule["passed"]) for rule in summary["verdict"]["rules"]]


def test_a_first_model_that_is_pushed(evaluate):
    arguments = evaluate({"min_mean_iou": 0.5}, "good", state="first")
    arguments["pushed_model"].set_int_custom_property("pushed", 1)
    arguments["pushed_model"].set_string_custom_property("pushed_version", "17")
    arguments["pushed_model"].set_string_custom_property("pushed_destination", "/serving/17")

    summary = summarize(**arguments)
    assert json.loads(json.dumps(summary)) == summary
    verdict = summary.pop("verdict")
    assert rules({"verdict": verdict}) == [(pytest.approx(5 / 9), 0.5, True)]
    assert {key: value for key, value in verdict.items() if key != "rules"} == {
        "blessed": True,
        "pushed": True,
        "version": "17",
        "path": "/serving/17",
    }
    assert {key: summary[key] for key in GOOD} == approx(GOOD)
    assert (summary["name"], summary["split"], summary["slices"]) == ("test", "eval", [])
    assert summary["baseline"] == {"state": "first", "version": None, "reason": None}


def test_a_model_worse_than_its_baseline(evaluate):
    arguments = evaluate(
        {"min_mean_iou": 0.2, "max_mean_iou_drop": 0.25}, "poor", baseline="good", state="found", version="16"
    )

    summary = summarize(**arguments)
    assert {key: summary[key] for key in POOR} == approx(POOR)
    assert summary["baseline"].items() >= {"state": "found", "version": "16", "reason": None}.items()
    assert {key: summary["baseline"][key] for key in GOOD} == approx(GOOD)
    change = (2 / 3 + 1 / 5) / 3 - 5 / 9
    assert rules(summary) == [(pytest.approx(13 / 45), 0.2, True), (pytest.approx(change), -0.25, False)]
    assert (summary["verdict"]["blessed"], summary["verdict"]["pushed"]) == (False, False)


def test_a_model_as_good_as_its_baseline_passes_where_no_drop_is_allowed(evaluate):
    summary = summarize(**evaluate({"min_mean_iou": 0.2, "max_mean_iou_drop": 0.0}, "good", baseline="good"))
    assert rules(summary) == [(pytest.approx(5 / 9), 0.2, True), (0.0, 0.0, True)]
    assert summary["verdict"]["blessed"]


def test_an_incompatible_baseline_is_told_with_its_reason(evaluate):
    state = {"state": "incompatible", "version": "16", "reason": "other classes"}
    summary = summarize(**evaluate({"min_mean_iou": 0.6}, "good", **state))
    assert summary["baseline"] == {"state": "incompatible", "version": "16", "reason": "other classes"}
    assert rules(summary) == [(pytest.approx(5 / 9), 0.6, False)]
    assert not summary["verdict"]["blessed"]


def test_scores_without_a_labelled_pixel_are_undefined(evaluate):
    summary = summarize(**evaluate({"min_mean_iou": 0.0}, "good", images=VOID))
    undefined = ("mean_iou", "num_classes", "pixel_accuracy", "images")
    assert [summary[key] for key in undefined] == [None, 0, None, 1]
    assert summary["iou"] == {"dark": None, "grey": None, "bright": None}
    assert rules(summary) == [(None, 0.0, False)]
    assert not summary["verdict"]["blessed"]


def test_slices_stand_beside_the_whole(evaluate):
    settings = {"min_mean_iou": 0.5, "rules": [{"metric": "mean_iou", "where": {"image/source": "b"}, "min": 0.9}]}
    summary = summarize(**evaluate(settings, "good", slices=["image/source"]))
    # Image 0, of source a: dark 2 of 2, grey 1 of 2, bright 0 of 1. Image 1, of source b: bright 2 of 2, grey 0 of 1.
    assert [(entry["slice"], entry["images"], entry["iou"]) for entry in summary["slices"]] == [
        ({"image/source": "a"}, 1, approx({"dark": 1.0, "grey": 0.5, "bright": 0.0})),
        ({"image/source": "b"}, 1, {"dark": None, "grey": 0.0, "bright": 1.0}),
    ]
    assert not summary["verdict"]["blessed"]
    assert "where image/source is b is 0.5000" in summary["verdict"]["rules"][1]["sentence"]


def test_the_whole_matrix_and_the_interval_are_told_where_they_were_measured(evaluate):
    summary = summarize(**evaluate({"min_mean_iou": 0.5}, "good"))
    # Rows are dark, grey and bright; the last column would be a prediction of nothing.
    assert summary["confusion"] == [[2, 0, 0, 0], [1, 1, 0, 0], [0, 1, 2, 0]]
    assert summary["mean_iou_interval"] is None
    measured = summarize(**evaluate({"min_mean_iou": 0.5}, "good", confidence_intervals=True))
    low, high = measured["mean_iou_interval"]
    assert 0 <= low < measured["mean_iou"] < high <= 1
