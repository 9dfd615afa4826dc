import itertools
import json

import pytest

from kubeflow.rehearsal.object_store import ObjectStore
from kubeflow.rehearsal.record_outputs import OutputError, record_outputs
from kubeflow.rehearsal.scratch import Scratch
from tests.kubeflow.rehearsal.planted import artifact_type

URI = "minio://bucket/run/model"
INPUT = {
    "inputs": {"parameterValues": {}, "artifacts": {}},
    "outputs": {
        "artifacts": {"model": {"artifacts": [{"name": "model", "uri": URI, "type": artifact_type("model")}]}},
        "parameters": {},
        "outputFile": "/minio/bucket/run/output_metadata.json",
    },
}


@pytest.fixture
def record(tmp_path):
    """Records what a task says that it has made, with a model that it has made."""
    scratch, store = Scratch(tmp_path / "scratch", "/"), ObjectStore(tmp_path / "store")
    model = tmp_path / "scratch/minio/bucket/run/model"
    model.mkdir(parents=True)
    (model / "weights").write_text("1 2 3")

    def recorded(said: dict | str, executor_input: dict = INPUT) -> dict:
        text = said if isinstance(said, str) else json.dumps(said)
        (model.parent / "output_metadata.json").write_text(text)
        return record_outputs(executor_input, store, scratch, itertools.count(7))

    return recorded


def model(metadata: dict, uri: str = URI) -> dict:
    return {"artifacts": {"model": {"artifacts": [{"name": "any", "uri": uri, "metadata": metadata}]}}}


def test_files_go_to_the_store_and_properties_to_the_next_task(record, tmp_path):
    properties = {"state": "found", "pushed": 1, "whole": True, "names": ["a"], "deep": {"b": 2}}
    assert record(model(properties)) == {
        "model": {
            "name": "7",
            "uri": URI,
            "type": artifact_type("model"),
            "metadata": {
                "display_name": "model",
                "store_session_info": "{}",
                "state": "found",
                "pushed": 1.0,
                "whole": 1.0,
                "names": {"list": ["a"]},
                "deep": {"struct": {"b": 2.0}},
            },
        }
    }
    assert (tmp_path / "store/bucket/run/model/weights").read_text() == "1 2 3"
    assert not (tmp_path / "store/bucket/run/output_metadata.json").exists()


def test_a_task_may_say_nothing(record):
    assert record({})["model"]["uri"] == URI


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            model({}, uri="/minio/bucket/run/model"),
            "model is said to be at /minio/bucket/run/model, which is not in the",
        ),
        (model({"state": None}), "the property state is null, which the launcher refuses"),
        ({"artifacts": {}, "extra": 1}, "the launcher cannot read the output file: .*extra"),
        ("{", "the launcher cannot read the output file"),
    ],
)
def test_what_would_be_lost(record, said, message):
    with pytest.raises(OutputError, match=message):
        record(said)


def test_an_output_parameter_has_to_have_a_value(record):
    outputs = {**INPUT["outputs"], "parameters": {"score": {"outputFile": "/tmp/kfp/outputs/score"}}}
    with pytest.raises(OutputError, match="no value for the output parameter score"):
        record({}, {**INPUT, "outputs": outputs})
    assert record({"parameterValues": {"score": 1.0}}, {**INPUT, "outputs": outputs})["model"]["name"] == "7"
