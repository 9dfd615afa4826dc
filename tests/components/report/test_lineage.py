import keras
import tensorflow as tf
from tfx import v1 as tfx

from components.origin import STORE_URI
from components.report.lineage import lineage
from tests.components.run_executor import make_artifact


def test_versions_and_artifacts(tmp_path):
    model = make_artifact(tfx.types.standard_artifacts.Model, tmp_path / "model")
    stored = make_artifact(tfx.types.standard_artifacts.Examples, tmp_path / "examples")
    stored.id = 7
    told = lineage({"model_run": model, "examples": stored}, commit="8bad0a1")
    assert told["versions"].items() >= {"TFX": tfx.__version__, "Keras": keras.__version__}.items()
    assert told["versions"]["TensorFlow"] == tf.__version__
    assert told["versions"]["Git commit"] == "8bad0a1"
    assert told["artifacts"] == {"Model run": model.uri, "Examples, artifact 7": stored.uri}


def test_without_a_commit():
    assert "Git commit" not in lineage({}, None)["versions"]


def test_a_copy_is_shown_where_everybody_finds_it(tmp_path):
    model = make_artifact(tfx.types.standard_artifacts.Model, tmp_path / "copy")
    model.id = 2**62 + 1  # TFX's hash of the real one
    model.set_string_custom_property(STORE_URI, "minio://bucket/model")
    assert lineage({"model": model}, None)["artifacts"] == {"Model": "minio://bucket/model"}
