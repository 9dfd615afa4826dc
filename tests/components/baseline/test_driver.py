"""What the cache is asked about: another push is a change, the candidate's own is none."""

import shutil
from types import SimpleNamespace

import pytest
from tfx import v1 as tfx

from components.baseline.driver import Driver
from tests.components.baseline.models import save_model
from tests.components.run_executor import make_artifact


@pytest.fixture
def serving_now(tmp_path):
    save_model(tmp_path / "model" / "Format-Serving", tmp_path, weight=1.0)
    model = make_artifact(tfx.types.standard_artifacts.Model, tmp_path / "model")

    def serving_now() -> str:
        properties = {"push_destination": str(tmp_path / "pushed")}
        output = Driver(None).run(SimpleNamespace(input_dict={"model": [model]}, exec_properties=properties))
        return output.exec_properties["serving_now"].string_value

    return serving_now


def test_own_push_changes_nothing_and_another_does(serving_now, tmp_path):
    assert serving_now() == "nothing"
    shutil.copytree(tmp_path / "model" / "Format-Serving", tmp_path / "pushed" / "3")
    assert serving_now() == "nothing"
    save_model(tmp_path / "pushed" / "5", tmp_path, weight=2.0)
    assert serving_now() == f"{tmp_path}/pushed/5"
    shutil.copytree(tmp_path / "model" / "Format-Serving", tmp_path / "pushed" / "6")
    assert serving_now() == f"{tmp_path}/pushed/5"


def test_without_a_candidate_every_push_is_a_change(tmp_path):
    def serving_now() -> str:
        info = SimpleNamespace(input_dict={}, exec_properties={"push_destination": str(tmp_path / "pushed")})
        return Driver(None).run(info).exec_properties["serving_now"].string_value

    assert serving_now() == "nothing"
    save_model(tmp_path / "pushed" / "3", tmp_path)
    assert serving_now() == f"{tmp_path}/pushed/3"
