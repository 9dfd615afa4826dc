import time

import pytest
from tfx import v1 as tfx
from tfx.utils import io_utils

from components.pusher.component import Pusher
from tests.components.run_executor import make_artifact, run_executor

artifacts = tfx.types.standard_artifacts
INDEX = "variables/variables.index"
MODEL = {"saved_model.pb": b"graph", INDEX: b"index", "assets/label_map.yaml": b"classes"}


@pytest.fixture
def destination(tmp_path):
    return tmp_path / "serving"


@pytest.fixture
def push(tmp_path, destination):
    """A function that pushes a model and returns what the artifact says."""

    def push(blessed: bool = True, index: bytes = MODEL[INDEX]) -> tuple[int, str, str]:
        for name, content in {**MODEL, INDEX: index}.items():
            path = tmp_path / "model" / "Format-Serving" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        blessing = make_artifact(artifacts.ModelBlessing, tmp_path / "blessing")
        blessing.set_int_custom_property("blessed", int(blessed))
        pushed_model = make_artifact(artifacts.PushedModel, tmp_path / "pushed_model")
        run_executor(
            Pusher,
            tmp_path,
            {"model": make_artifact(artifacts.Model, tmp_path / "model"), "model_blessing": blessing},
            {"pushed_model": pushed_model},
            {"push_destination": f'{{"filesystem": {{"base_directory": "{destination}"}}}}'},
        )
        return (
            pushed_model.get_int_custom_property("pushed"),
            pushed_model.get_string_custom_property("pushed_destination"),
            pushed_model.get_string_custom_property("pushed_version"),
        )

    return push


def files(folder) -> dict:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_blessed_model_becomes_a_version(push, destination, tmp_path):
    before = int(time.time())
    pushed, path, version = push()
    assert (pushed, path) == (1, f"{destination}/{version}")
    assert before <= int(version) <= time.time()
    assert names(destination) == [version]
    assert files(destination / version) == MODEL
    assert files(tmp_path / "pushed_model") == MODEL


def test_a_model_without_blessing_leaves_no_trace(push, destination, tmp_path):
    assert push(blessed=False) == (0, "", "")
    assert not destination.exists()
    assert files(tmp_path / "pushed_model") == {}


def test_a_model_without_blessing_leaves_what_serves_alone(push, destination):
    _, _, version = push()
    assert push(blessed=False) == (0, "", "")
    assert names(destination) == [version]


def test_what_serves_already_is_not_pushed_again(push, destination):
    first = push()
    assert push() == first
    assert names(destination) == [first[2]]
    other = push(index=b"another")
    assert push()[2] > other[2] > first[2]  # back to the first: that is a new version


@pytest.mark.parametrize("copies", [0, 1], ids=["to the destination", "to the artifact"])
def test_a_push_that_dies_leaves_no_version(push, destination, monkeypatch, copies):
    """TFX copies twice; `copies` of them succeed, the next one dies with a file written."""
    _, _, version = push()
    done, seen = [], []
    copy_dir = io_utils.copy_dir

    def dies(source, target, *args, **kwargs):
        copy_dir(source, target, *args, **kwargs)
        done.append(target)
        if len(done) > copies:
            seen.extend(names(destination))
            raise OSError("no space left")

    monkeypatch.setattr(io_utils, "copy_dir", dies)
    with pytest.raises(OSError, match="no space left"):
        push(index=b"another")
    assert seen == sorted([version, ".staging"])  # it had begun, where no server looks
    assert names(destination) == [version]
    assert files(destination / version) == MODEL


def test_what_a_killed_push_left_behind_is_cleared(push, destination):
    left = destination / ".staging" / "1"
    left.mkdir(parents=True)
    (left / "old").touch()
    _, _, version = push()
    assert names(destination) == [version]
    assert files(destination / version) == MODEL


def test_pushes_in_one_second_get_increasing_versions(push, monkeypatch, destination):
    monkeypatch.setattr(time, "time", lambda: 1000.5)
    assert [push(index=index)[2] for index in (b"1", b"2", b"3")] == ["1000", "1001", "1002"]
    assert names(destination) == ["1000", "1001", "1002"]


def test_a_clock_that_runs_behind_does_not_hide_the_new_version(push, monkeypatch, destination):
    for name in ("5000", "latest", "²"):
        (destination / name).mkdir(parents=True)
    monkeypatch.setattr(time, "time", lambda: 1000.5)
    assert push()[2] == "5001"
