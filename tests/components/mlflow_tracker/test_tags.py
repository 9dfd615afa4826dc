import platform
from importlib.metadata import version

from tfx import v1 as tfx

from components.mlflow_tracker import tags as module
from components.mlflow_tracker.tags import tags
from components.origin import STORE_URI
from tests.components.mlflow_tracker.metrics import METRICS
from tests.components.run_executor import make_artifact


def test_verdict_and_lineage(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "commit", lambda: "8bad0a1")
    model = make_artifact(tfx.types.standard_artifacts.Model, tmp_path / "model")
    model.id = 7
    assert tags(METRICS, {"model": model}) == {
        "blessed": "true",
        "pushed": "true",
        "version": "1700000123",
        "verdict": "✓ mean IoU 0.3333 reaches the least of 0.3000 by 0.0333\n✗ IoU of car (parked) is undefined",
        "mlflow.source.git.commit": "8bad0a1",
        "version.TFX": version("tfx"),
        "version.TensorFlow": version("tensorflow"),
        "version.Keras": version("keras"),
        "version.Python": platform.python_version(),
        "artifact.model.id": "7",
        "artifact.model.uri": str(tmp_path / "model"),
    }


def test_what_is_not_there_is_no_tag(monkeypatch):
    monkeypatch.setattr(module, "commit", lambda: None)
    verdict = {"blessed": False, "pushed": False, "version": None, "path": None, "rules": []}
    found = tags({**METRICS, "verdict": verdict}, {})
    assert (found["blessed"], found["pushed"]) == ("false", "false")
    assert not {"version", "verdict", "mlflow.source.git.commit"} & set(found)


def test_a_long_verdict_is_cut():
    rules = [{"passed": True, "sentence": "x" * 100}] * 100
    assert len(tags({**METRICS, "verdict": METRICS["verdict"] | {"rules": rules}}, {})["verdict"]) == 8000


def test_a_copy_is_named_by_where_everybody_finds_it(tmp_path):
    model = make_artifact(tfx.types.standard_artifacts.Model, tmp_path / "copy")
    model.id = 2**62 + 1
    model.set_string_custom_property(STORE_URI, "minio://bucket/model")
    found = tags(METRICS, {"model": model})
    assert found["artifact.model.uri"] == "minio://bucket/model" and "artifact.model.id" not in found
