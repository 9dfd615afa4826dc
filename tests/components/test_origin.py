from tfx import v1 as tfx

from components.origin import STORE_URI, origin, stored_id
from tests.components.run_executor import make_artifact


def test_an_artifact_where_it_is(tmp_path):
    model = make_artifact(tfx.types.standard_artifacts.Model, tmp_path / "model")
    assert (origin(model), stored_id(model)) == (str(tmp_path / "model"), None)
    model.id = 7
    assert stored_id(model) == 7


def test_a_copy(tmp_path):
    model = make_artifact(tfx.types.standard_artifacts.Model, tmp_path / "model")
    model.id = 7
    model.set_string_custom_property(STORE_URI, "gs://bucket/model")
    assert (origin(model), stored_id(model)) == ("gs://bucket/model", None)
