import shutil

import pytest
import tensorflow as tf
from tfx import v1 as tfx

from components.baseline.component import Baseline
from schema.label_map import LabelMap
from tests.components.baseline.models import LABEL_MAP, SIGNATURE, save_model
from tests.components.run_executor import make_artifact, run_executor

Model = tfx.types.standard_artifacts.Model


@pytest.fixture
def look(tmp_path):
    """A function that runs the component for a candidate with LABEL_MAP and returns its output artifact."""
    save_model(tmp_path / "model" / "Format-Serving", tmp_path, weight=1.0)

    def look():
        baseline = make_artifact(Model, tmp_path / "baseline")
        properties = {"push_destination": str(tmp_path / "pushed"), "signature": SIGNATURE}
        inputs = {"model": make_artifact(Model, tmp_path / "model")}
        run_executor(Baseline, tmp_path, inputs, {"baseline": baseline}, properties)
        return baseline

    return look


def said(artifact) -> tuple[str, str, str]:
    return tuple(artifact.get_string_custom_property(key) for key in ("state", "version", "reason"))


def files(folder) -> dict:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_first_candidate_has_nothing_to_beat(look, tmp_path):
    assert said(look()) == ("first", "", "")
    assert files(tmp_path / "baseline") == {}


def test_the_newest_whole_version_is_copied(look, tmp_path):
    save_model(tmp_path / "pushed" / "9", tmp_path)
    newest = save_model(tmp_path / "pushed" / "10", tmp_path, LabelMap(LABEL_MAP.names, ((1, 2, 3),) * 3))
    (tmp_path / "pushed" / "11").mkdir()

    assert said(look()) == ("found", "10", "")
    copy = tmp_path / "baseline" / "Format-Serving"
    assert files(copy) == files(newest)
    assert SIGNATURE in tf.saved_model.load(str(copy)).signatures


def renamed(*names: str) -> LabelMap:
    return LabelMap(names, ((0, 0, 0),) * len(names))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (
            {"label_map": renamed("sky", "road", "bus")},
            "the baseline has 3 classes, the candidate 3, differing in bus, car",
        ),
        ({"label_map": renamed("sky", "road")}, "the baseline has 2 classes, the candidate 3, differing in car"),
        (
            {"label_map": renamed("road", "sky", "car")},
            "the baseline has 3 classes, the candidate 3, in another order",
        ),
        ({"signature": "other"}, "the baseline has no signature from_examples, only __saved_model_init_op, other"),
        ({"label_map": None}, "{pushed} holds no label map"),
    ],
    ids=["other classes", "fewer classes", "other order", "no signature", "no label map"],
)
def test_a_model_that_cannot_be_compared_is_reported(look, tmp_path, options, reason):
    pushed = save_model(tmp_path / "pushed" / "7", tmp_path, **options)
    assert said(look()) == ("incompatible", "7", reason.format(pushed=pushed))
    assert files(tmp_path / "baseline") == {}


@pytest.mark.parametrize("text", [b"a: [", b"a: 3", b"\xff\xfe"])
def test_a_label_map_that_cannot_be_read_is_reported(look, tmp_path, text):
    pushed = save_model(tmp_path / "pushed" / "7", tmp_path)
    (pushed / "assets" / "label_map.yaml").write_bytes(text)
    state, version, reason = said(look())
    assert (state, version) == ("incompatible", "7")
    assert reason.startswith(f"{pushed} holds no readable label map: ")
    assert "\n" not in reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the baseline has no signature from_examples, only none"),
        (b"\xff" * 40, "{pushed}/saved_model.pb is broken"),
    ],
)
def test_a_broken_model_is_reported(look, tmp_path, content, reason):
    pushed = save_model(tmp_path / "pushed" / "7", tmp_path)
    (pushed / "saved_model.pb").write_bytes(content)
    assert said(look()) == ("incompatible", "7", reason.format(pushed=pushed))


def test_the_candidates_own_push_is_no_baseline(look, tmp_path):
    save_model(tmp_path / "pushed" / "8", tmp_path, weight=2.0)
    shutil.copytree(tmp_path / "model" / "Format-Serving", tmp_path / "pushed" / "9")
    assert said(look()) == ("found", "8", "")


def test_without_a_candidate_the_newest_is_copied_whatever_it_is(tmp_path):
    newest = save_model(tmp_path / "pushed" / "9", tmp_path, signature="other", label_map=None)
    baseline = make_artifact(Model, tmp_path / "baseline")
    run_executor(Baseline, tmp_path, {}, {"baseline": baseline}, {"push_destination": str(tmp_path / "pushed")})
    assert said(baseline) == ("found", "9", "")
    assert files(tmp_path / "baseline" / "Format-Serving") == files(newest)
