"""One task between the launcher's folders, by TFX's own executor."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from absl import logging as absl_logging
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2
from tfx import v1 as tfx

from kubeflow import entry_point
from kubeflow.entry_point import ROOT_VARIABLE, main
from tests.kubeflow.executors import EXAMPLES, MODEL, command

ROOT = "minio://bucket/v2/run"


@pytest.fixture(autouse=True)
def copies(tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    verbosity, level = absl_logging.get_verbosity(), logging.getLogger().level
    yield tmp_path
    absl_logging.set_verbosity(verbosity)
    logging.getLogger().setLevel(level)


def make(copies: Path, fault: str = "") -> dict:
    artifact = {"name": "examples", "uri": f"{ROOT}/Make/1/examples", "type": EXAMPLES}
    return {
        "inputs": {"parameterValues": {"fault": fault, "steps": 12.0}},
        "outputs": {
            "artifacts": {"examples": {"artifacts": [artifact]}},
            "outputFile": f"{copies}/minio/bucket/v2/run/Make/1/output_metadata.json",
        },
    }


def read(copies: Path, examples: dict) -> dict:
    artifact = {"name": "model", "uri": f"{ROOT}/Read/2/model", "type": MODEL}
    return {
        "inputs": {"parameterValues": {}, "artifacts": {"examples": {"artifacts": [examples]}}},
        "outputs": {
            "artifacts": {"model": {"artifacts": [artifact]}},
            "outputFile": f"{copies}/minio/bucket/v2/run/Read/2/output_metadata.json",
        },
    }


def test_files_parameters_and_properties_come_to_the_next_task_as_they_were(copies):
    given = make(copies)
    assert main(command("Make", given)) == 0
    output_file = Path(given["outputs"]["outputFile"])
    strict = json_format.Parse(output_file.read_text(), pipeline_spec_pb2.ExecutorOutput())
    (made,) = json_format.MessageToDict(strict)["artifacts"]["examples"]["artifacts"]
    assert made == {
        "name": "examples",
        "uri": f"{ROOT}/Make/1/examples",
        "metadata": {
            "span": 3.0,
            "split_names": '["train"]',
            "state": "found",
            "pushed": 1.0,
            "model_uri": f"{ROOT}/Make/1/examples/data.txt",
            "tfx_version": tfx.__version__,
        },
    }
    assert not output_file.with_suffix(".unfinished").exists()

    assert main(command("Read", read(copies, {**made, "name": "17", "type": EXAMPLES}))) == 0
    seen = json.loads((copies / "minio/bucket/v2/run/Read/2/model/seen.json").read_text())
    assert json.loads(seen.pop("text")) == {"fault": "", "steps": 12}
    assert seen == {
        "span": 3,
        "split_names": '["train"]',
        "state": "found",
        "pushed": 1,
        "model_uri": f"{ROOT}/Make/1/examples/data.txt",
        "origin": f"{ROOT}/Make/1/examples",
        "tfx_version": tfx.__version__,
    }


def test_a_users_mistake_is_one_line(copies, capsys):
    given = make(copies, fault="user")
    assert main(command("Make", given)) == 1
    assert capsys.readouterr().err == "segpipe: train-0.tfrecord, record 3: no mask\n"
    assert not Path(given["outputs"]["outputFile"]).exists()


def test_anything_else_is_a_stack_trace(copies):
    with pytest.raises(ZeroDivisionError, match="nobody thought of it"):
        main(command("Make", make(copies, fault="bug")))


def test_a_pipeline_of_another_tfx_is_refused_by_name(copies, capsys):
    assert main(command("Make", make(copies), compiled_with="0.9.1")) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        f"segpipe: this pipeline was compiled with TFX 0.9.1, and the image has TFX {tfx.__version__}:"
    )
    assert said.count("\n") == 1 and not list(copies.iterdir())


@pytest.mark.parametrize("runner", ["FnApiRunner", "PortableRunner"])
def test_beams_workers_are_asked_before_the_work(runner, copies, monkeypatch):
    asked = []
    monkeypatch.setattr("pipeline.beam.preflight.preflight", lambda *given: asked.append(given))
    assert main([*command("Make", make(copies)), f"--runner={runner}", "--parallelism=2"]) == 0
    assert asked == [([f"--runner={runner}", "--parallelism=2"], str(copies / "minio/bucket/v2/run/Make/1/examples"))]


@pytest.mark.parametrize(
    ("args", "remote"),
    [
        ([], False),
        (["--runner=apache_beam.runners.portability.fn_api_runner.FnApiRunner"], False),
        (["--runner=DirectRunner"], False),
        (["--runner=FlinkRunner", "--parallelism=4"], True),
        (["--project=p", "--runner=DataflowRunner"], True),
    ],
)
def test_which_beam_runners_have_workers_elsewhere(args, remote):
    assert entry_point._is_remote(args) is remote
