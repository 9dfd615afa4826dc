from __future__ import annotations

import hashlib

import pytest
import yaml

from kubeflow.submission.read_package import read_package
from schema.user_error import UserError
from tests.conftest import ROOT
from tests.kubeflow.compiled import compiled


def refused(path) -> str:
    with pytest.raises(UserError) as caught:
        read_package(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    return message


def test_what_a_package_says_of_itself(tmp_path):
    path = tmp_path / "shapes.yml"
    platform = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {}}}}}
    path.write_text(yaml.safe_dump_all([compiled(), platform]))
    package = read_package(path)
    assert (package.path, package.name, package.tasks) == (path, "shapes", ("Blessed", "Gate"))
    assert package.digest == hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [1\n", "is not YAML: while parsing a flow sequence"),
        ("when: 2024-13-45\n", "is not YAML: month must be in 1..12"),
        ("\x00", "is not YAML: "),
        ("", "is no compiled pipeline; make one with segpipe compile CONFIG --out FILE.yaml"),
        ("just text", "is no compiled pipeline; "),
        ("a: 1\n---\nb: 1\n---\nc: 1\n", "is no compiled pipeline; "),
        ("!!python/object/apply:os.getcwd []", "is not YAML: could not determine a constructor"),
        ("apiVersion: argoproj.io/v1alpha1\n", "is no compiled pipeline but something else; "),
        ("pipelineInfo: {name: a}\nroot: 1\n", "is no pipeline that Kubeflow understands: "),
        ("pipelineInfo: {name: a}\nsteps: {}\n", "is no pipeline that Kubeflow understands: "),
        ("pipelineInfo: {name: a}\n", "is no whole pipeline: it lacks a name, components, executors or tasks; "),
    ],
)
def test_files_that_are_none(tmp_path, text, words):
    path = tmp_path / "pipeline.yaml"
    path.write_text(text)
    assert refused(path).removeprefix(f"{path} ").startswith(words)


def test_a_configuration_is_to_be_compiled_first():
    path = ROOT / "configs" / "shapes.yaml"
    assert refused(path).startswith(
        f"{path} is no compiled pipeline but a configuration; make one with segpipe compile"
    )


def test_paths_that_are_none(tmp_path):
    assert refused(tmp_path / "a.yaml").endswith("cannot be read: No such file or directory")
    assert "Kubeflow Pipelines takes a .yaml file" in refused(tmp_path / "pipeline.json")
    (tmp_path / "folder.yaml").mkdir()
    assert refused(tmp_path / "folder.yaml").endswith("cannot be read: Is a directory")


def test_what_kubeflow_would_not_execute(tmp_path):
    spec = compiled() | {"schemaVersion": "2.0.0"}
    path = tmp_path / "pipeline.yaml"
    path.write_text(yaml.safe_dump(spec))
    assert refused(path) == f"{path}: not executable on kfp:\n  the schema version is 2.0.0; expected 2.1.0"


@pytest.mark.parametrize("condition", [None, "inputs.parameter_values['blessed'] == 1"])
def test_a_pipeline_that_does_not_tell_its_verdict(tmp_path, condition):
    spec = compiled()
    if condition:
        spec["root"]["dag"]["tasks"]["Blessed"]["triggerPolicy"]["condition"] = condition
    else:
        del spec["root"]["dag"]["tasks"]["Blessed"]
    path = tmp_path / "pipeline.yaml"
    path.write_text(yaml.safe_dump(spec))
    assert "has no task Blessed, from which the verdict is known: it was compiled by an older segpipe" in refused(path)
