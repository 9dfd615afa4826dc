"""Tasks in containers, of an engine that is a script: it puts what it was told into its own terms, and obeys."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kubeflow.rehearsal import containers as module
from kubeflow.rehearsal.compiled_pipeline import CompiledPipeline
from kubeflow.rehearsal.containers import Containers
from kubeflow.rehearsal.rehearse import rehearse
from schema.user_error import UserError
from tests.kubeflow.rehearsal.planted import planted, task, write

# Has no root file system of its own: what is mounted is found where it lies.
ENGINE = f"""#!{sys.executable}
import itertools, json, os, pathlib, sys
run, rm, *rest = sys.argv[1:]
assert (run, rm) == ("run", "--rm")
options = list(itertools.takewhile(lambda word: word.startswith("--"), rest))
image, *words = rest[len(options):]
pathlib.Path(__file__).with_name("told.json").write_text(json.dumps([options, image]))
volumes = dict(reversed(word.removeprefix("--volume=").split(":")) for word in options if word.startswith("--volume="))
(program,) = [word.removeprefix("--entrypoint=") for word in options if word.startswith("--entrypoint=")]
def here(text):
    for path, folder in volumes.items():
        text = text.replace('"' + path + "/", '"' + folder + "/")
    return text
copies = os.path.commonpath([folder for path, folder in volumes.items() if path in ("/minio", "/s3", "/gcs")])
os.execve(sys.executable, [program, *map(here, words)], {{**os.environ, "SEGPIPE_COPIES": copies}})
"""


@pytest.fixture
def engine(tmp_path) -> Path:
    path = tmp_path / "bin" / "podman"
    path.parent.mkdir()
    path.write_text(ENGINE)
    path.chmod(0o755)
    return path


def told(engine: Path) -> tuple[list[str], str]:
    return json.loads(engine.with_name("told.json").read_text())


def test_a_rehearsal_in_containers(engine, tmp_path, monkeypatch):
    monkeypatch.setenv("SEGPIPE_TEST_TOKEN", "hidden")
    monkeypatch.setattr(module.os, "getuid", lambda: 0)
    secret = {"secretName": "mlflow", "keyToEnv": [{"secretKey": "token", "envVar": "SEGPIPE_TEST_TOKEN"}]}
    volume = {"constant": "data", "mountPath": "/mnt/data"}
    look = task(
        "put('seen', 'text', (folder('inputs', 'data') / 'text').read_text() + '!')",
        takes={"data": "Read.data"},
        makes=("seen",),
        container={"env": [{"name": "COLOUR", "value": "light blue"}]},
    )
    documents = planted(
        {"Look": {"pvcMount": [volume], "secretAsEnv": [secret]}},
        Read=task("put('data', 'text', 'hello')", makes=("data",)),
        Look=look,
    )
    store, host = tmp_path / "store", tmp_path / "host"
    host.mkdir()
    pipeline = CompiledPipeline.read(write(tmp_path / "p.yaml", documents))
    rehearse(pipeline, store, Containers(str(engine), store / ".scratch", {"data": host}), lambda *_: None)
    (seen,) = store.glob("mlpipeline/**/seen/text")
    assert seen.read_text() == "hello!"
    scratch = store / ".scratch"
    assert told(engine) == [
        [
            f"--volume={scratch}/minio:/minio",
            f"--volume={scratch}/s3:/s3",
            f"--volume={scratch}/gcs:/gcs",
            f"--volume={scratch}/tmp:/tmp",
            f"--volume={host}:/mnt/data",
            "--env=COLOUR=light blue",
            "--env=SEGPIPE_TEST_TOKEN",
            "--entrypoint=python",
        ],
        "segpipe:1",
    ]


def test_another_image():
    command = Containers("docker", Path("/s"), {}, "other:2").command({"image": "segpipe:1"}, {}, ["python", "-V"])
    assert command[:3] == ["docker", "run", "--rm"] and command[-3:] == ["--entrypoint=python", "other:2", "-V"]


@pytest.mark.parametrize(
    ("engine", "user"), [("/usr/bin/podman", ["--userns=keep-id"]), ("docker", ["--user=1000:100"])]
)
def test_whoever_is_not_root_can_remove_what_tasks_wrote(engine, user, monkeypatch):
    monkeypatch.setattr(module.os, "getuid", lambda: 1000)
    monkeypatch.setattr(module.os, "getgid", lambda: 100)
    assert Containers(engine, Path("/s"), {}).command({"image": "a"}, {}, ["true"])[3:4] == user


@pytest.mark.parametrize(
    ("mounts", "message"),
    [
        ({}, "Look needs the volume data: say which folder it is, as --mount data=FOLDER"),
        ({"data": Path("/no/such/folder")}, "--mount data=/no/such/folder: there is no such folder"),
    ],
)
def test_a_volume_needs_a_folder(mounts, message, tmp_path):
    kubernetes = {"pvcMount": [{"constant": "data", "mountPath": "/mnt/data"}]}
    with pytest.raises(UserError, match=message):
        Containers("docker", tmp_path, mounts).check("Look", kubernetes)
