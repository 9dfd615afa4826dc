import pytest
import yaml

from kubeflow.rehearsal.compiled_pipeline import CompiledPipeline
from schema.user_error import UserError
from tests.kubeflow.rehearsal.planted import planted, task, write

SELECTOR = {"nodeSelector": {"labels": {"disk": "fast"}}}


def test_what_is_in_it(tmp_path):
    documents = planted({"Train": SELECTOR}, Read=task(makes=("data",)), Train=task(takes={"data": "Read.data"}))
    pipeline = CompiledPipeline.read(write(tmp_path / "p.yaml", documents))
    assert (pipeline.name, list(pipeline.tasks)) == ("planted", ["Read", "Train"])
    assert pipeline.root == "minio://mlpipeline/v2/artifacts"
    assert pipeline.component("Train") == documents[0]["components"]["Train"]
    assert pipeline.executor("Train")["container"]["image"] == "segpipe:1"
    assert (pipeline.kubernetes("Read"), pipeline.kubernetes("Train")) == ({}, SELECTOR)


def test_a_root_of_its_own(tmp_path):
    path = write(tmp_path / "p.yaml", planted(root="s3://bucket/deep/", Read=task()))
    assert CompiledPipeline.read(path).root == "s3://bucket/deep"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: shapes\ndata: {path: x}\n", "p.yaml: is not a compiled pipeline; expected what segpipe compile writes"),
        ("", "is not a compiled pipeline"),
        ("- 1\n", "is not a compiled pipeline"),
        ("a: [1\n", "p.yaml: is not YAML; expected what segpipe compile writes"),
        (yaml.safe_dump_all([*planted(Read=task()), {}, {}]), "is not a compiled pipeline"),
    ],
    ids=["configuration", "empty", "list", "broken", "three documents"],
)
def test_what_is_no_compiled_pipeline(tmp_path, text, message):
    (tmp_path / "p.yaml").write_text(text)
    with pytest.raises(UserError, match=message):
        CompiledPipeline.read(tmp_path / "p.yaml")


def test_a_missing_file(tmp_path):
    with pytest.raises(UserError, match=r"p\.yaml: cannot read: No such file"):
        CompiledPipeline.read(tmp_path / "p.yaml")


def test_what_kubeflow_would_not_execute_is_not_rehearsed(tmp_path):
    (spec,) = planted(Read=task())
    spec["deploymentSpec"]["executors"]["Read_executor"] = {"resolver": {}}
    with pytest.raises(UserError, match="Read: is executed by a resolver"):
        CompiledPipeline.read(write(tmp_path / "p.yaml", [spec]))
