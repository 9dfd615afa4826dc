import pytest

from pipeline.history.read_history import read_history
from schema.user_error import UserError
from tests.pipeline.record_run import record_run

PUSHED = {"mean_iou": 0.5, "iou": {"sky": 0.75, "land": 0.25}, "verdict": {"pushed": True, "version": "17"}}
KEPT = {"mean_iou": None, "iou": {"water": 0.5, "sky": None}, "verdict": {"pushed": False, "version": None}}


def test_every_new_run_the_oldest_first(tmp_path):
    record_run(tmp_path, PUSHED)
    record_run(tmp_path, PUSHED, cached=True)
    record_run(tmp_path, KEPT)

    history = read_history(tmp_path)

    assert (history.name, history.classes) == ("small", ["water", "sky", "land"])
    first, second = history.outcomes
    assert (first.number, first.mean_iou, first.iou, first.pushed, first.version) == (
        1,
        0.5,
        {"sky": 0.75, "land": 0.25},
        True,
        "17",
    )
    assert (second.number, second.mean_iou, second.pushed, second.version) == (3, None, False, None)
    assert first.ended <= second.ended


def test_what_a_tuner_has_chosen_is_remembered_run_by_run(tmp_path):
    record_run(tmp_path, {"mean_iou": 0.5, "hyperparameters": {"dice": 1.0}})
    record_run(tmp_path, {"mean_iou": 0.5})
    record_run(tmp_path, {"mean_iou": 0.5, "hyperparameters": {"learning_rate": 0.01, "dice": 0.0}})
    history = read_history(tmp_path)
    assert history.knobs == ["learning_rate", "dice"]
    assert [outcome.hyperparameters for outcome in history.outcomes] == [
        {"dice": 1.0},
        {},
        {"learning_rate": 0.01, "dice": 0.0},
    ]


@pytest.mark.parametrize("metrics", [None, {}, {"iou": None, "verdict": None}])
def test_what_an_old_report_does_not_tell_is_unknown(tmp_path, metrics):
    record_run(tmp_path, metrics)
    (outcome,) = read_history(tmp_path).outcomes
    assert (outcome.mean_iou, outcome.iou, outcome.pushed, outcome.version) == (None, {}, None, None)


def test_a_folder_that_is_no_run(tmp_path):
    with pytest.raises(UserError, match="is no run"):
        read_history(tmp_path)
