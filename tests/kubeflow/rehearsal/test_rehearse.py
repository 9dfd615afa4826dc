"""Whole rehearsals of pipelines whose tasks are small scripts."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kubeflow.rehearsal.compiled_pipeline import CompiledPipeline
from kubeflow.rehearsal.rehearse import rehearse
from kubeflow.rehearsal.this_machine import ThisMachine
from schema.user_error import UserError
from tests.kubeflow.rehearsal.planted import artifact_type, planted, task, write

READ = task("put('data', 'text', 'hello'); (folder('outputs', 'data') / 'empty').mkdir()", makes=("data",))
BLESSING = """
put('blessing', 'verdict', '')
say(artifacts={'blessing': {'artifacts': [{'metadata': {'blessed': BLESSED}}]}})
"""
CONDITION = "inputs.artifacts['blessing'].artifacts[0].metadata['blessed'] == 1.0"


class Rehearsal:
    """A store in which planted pipelines are rehearsed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        self.said: list[tuple[str, str]] = []

    def __call__(self, documents: list[dict], until: str | None = None) -> Path | None:
        self.said = []
        pipeline = CompiledPipeline.read(write(self.folder / "pipeline.yaml", documents))
        site = ThisMachine(self.store / ".scratch")
        return rehearse(pipeline, self.store, site, lambda name, state, _: self.said.append((name, state)), until)

    def fails(self, documents: list[dict]) -> str:
        with pytest.raises(UserError) as caught:
            self(documents)
        return str(caught.value)

    @property
    def objects(self) -> dict[str, str]:
        """What lies in the bucket, by task and what follows."""
        files = (path for path in self.store.glob("mlpipeline/**/*") if path.is_file())
        # mlpipeline/v2/artifacts/planted/RUN/TASK/ATTEMPT/KEY/...
        keys = {path: path.relative_to(self.store).parts for path in files}
        return {"/".join((parts[5], *parts[7:])): path.read_text() for path, parts in keys.items()}


@pytest.fixture
def rehearsal(tmp_path) -> Rehearsal:
    return Rehearsal(tmp_path)


def test_artifacts_go_through_the_store_and_nothing_else_is_left_to_the_next_task(rehearsal):
    read = READ | {"executor": task("put('data', 'text', 'hello'); (copies / 'private').touch()")["executor"]}
    look = task(
        "put('seen', 'seen.json', json.dumps([given, (folder('inputs', 'data') / 'text').read_text(), "
        "(copies / 'private').exists(), os.getcwd()]))",
        takes={"data": "Read.data"},
        makes=("seen",),
        parameters={"steps": 12},
        container={"env": [{"name": "COLOUR", "value": "blue"}]},
    )
    rehearsal(planted(Look=look, Read=read))
    assert rehearsal.said == [("Read", "done"), ("Look", "done")]
    objects = rehearsal.objects
    given, text, private_there, folder = json.loads(objects.pop("Look/seen/seen.json"))
    assert objects == {"Read/data/text": "hello"} and (text, private_there) == ("hello", False)
    assert folder == str(rehearsal.store / ".scratch") and not Path(folder).exists()
    assert given["inputs"]["parameterValues"] == {"steps": 12}
    (data,) = given["inputs"]["artifacts"]["data"]["artifacts"]
    assert (data["name"], data["type"]) == ("1", artifact_type("data"))
    assert data["uri"].startswith("minio://mlpipeline/v2/artifacts/planted/") and data["uri"].endswith("/data")


def test_empty_folders_do_not_arrive(rehearsal):
    look = task("assert [path.name for path in folder('inputs', 'data').iterdir()] == ['text']", {"data": "Read.data"})
    rehearsal(planted(Read=READ, Look=look))
    rehearsal(
        planted(
            Read=task(makes=("data",)), Look=task("assert not folder('inputs', 'data').exists()", {"data": "Read.data"})
        )
    )


def test_a_task_that_fails_is_named_with_its_last_lines_and_stops_the_rest(rehearsal):
    broken = task("print('line 1'); print('line 2', file=sys.stderr); sys.exit(3)", {"data": "Read.data"}, ("model",))
    documents = planted(
        Read=READ, Train=broken, Push=task(takes={"model": "Train.model"}), Tell=task(dependentTasks=["Push"])
    )
    message = rehearsal.fails(documents)
    log = rehearsal.store / "logs" / "Train.log"
    assert message == (f"Train failed: exit code 3\n  line 1\n  line 2\n  (from {log})\nnot run: Push, Tell")
    assert log.read_text() == "line 1\nline 2\n" and rehearsal.said == [("Read", "done")]


def test_the_log_is_cut_to_its_end(rehearsal):
    message = rehearsal.fails(planted(Count=task("[print(n, flush=True) for n in range(100)]; sys.exit(1)")))
    assert "  88\n" in message and "  99\n" in message and "  87\n" not in message


def test_an_object_that_is_missing(rehearsal):
    """Nothing says so but the task that wants to read it."""
    look = task("(folder('inputs', 'data') / 'text').read_text()", {"data": "Read.data"})
    message = rehearsal.fails(planted(Read=task(makes=("data",)), Look=look))
    assert (
        message.startswith("Look failed: exit code 1\n") and "FileNotFoundError" in message and "/data/text" in message
    )


def test_an_unknown_placeholder(rehearsal):
    message = rehearsal.fails(planted(Read=task(command=["python", "{{$.inputs.parameters['x']}}"])))
    assert message.startswith("Read nobody fills the placeholder {{$.inputs.parameters['x']}}; known here are {{$}}")


def test_a_pipeline_compiled_by_another_tfx(rehearsal):
    command = ["python", "-m", "kubeflow.entry_point", "--compiled-with", "0.9.1"]
    args = ["--executor_class_path", "any.Executor", "--json_serialized_invocation_args", "{{$}}"]
    message = rehearsal.fails(planted(Read=task(command=command, container={"args": args})))
    assert message.startswith(
        "Read failed: exit code 1\n  segpipe: this pipeline was compiled with TFX 0.9.1, and the "
    )


def test_a_task_is_tried_as_often_as_the_policy_says_each_time_on_an_empty_disk(rehearsal, tmp_path):
    tries = tmp_path / "tries"
    script = f"""
put('data', 'attempt', '')
assert len(list(copies.rglob('attempt*'))) == 1
tries = pathlib.Path({str(tries)!r})
tries.write_text(tries.read_text() + 'x' if tries.exists() else 'x')
sys.exit(len(tries.read_text()) < 3)
"""
    rehearsal(planted(Read=task(script, makes=("data",), retryPolicy={"maxRetryCount": 2})))
    assert tries.read_text() == "xxx"
    tries.unlink()
    message = rehearsal.fails(planted(Read=task(script, makes=("data",), retryPolicy={"maxRetryCount": 1})))
    assert message.startswith("Read failed, 2 times: exit code 1\n") and tries.read_text() == "xx"


def test_a_path_that_was_not_made_a_uri_again_would_be_lost(rehearsal):
    script = "say(artifacts={'data': {'artifacts': [{'uri': str(folder('outputs', 'data'))}]}})"
    message = rehearsal.fails(planted(Read=task(script, makes=("data",))))
    assert message.startswith("Read failed: data is said to be at /") and "which is not in the object store" in message


@pytest.mark.parametrize(("blessed", "state"), [("1.0", "done"), ("0.0", "skipped")])
def test_a_condition_decides_over_a_task_and_all_that_waits_for_it(rehearsal, blessed, state):
    policy = {"triggerPolicy": {"condition": CONDITION}}
    documents = planted(
        Gate=task(BLESSING.replace("BLESSED", blessed), makes=("blessing",)),
        Push=task("put('model', 'x', '')", {"blessing": "Gate.blessing"}, ("model",), **policy),
        Tell=task(takes={"model": "Push.model"}),
        Close=task(dependentTasks=["Tell"]),
        Count=task(takes={"blessing": "Gate.blessing"}),
    )
    rehearsal(documents)
    states = dict(rehearsal.said)
    assert states == {"Gate": "done", "Count": "done", "Push": state, "Tell": state, "Close": state}


def test_a_command_without_arguments(rehearsal):
    rehearsal(planted(Blessed=task(command=["true"])))
    assert rehearsal.fails(planted(Blessed=task(command=["false"]))).startswith(
        "Blessed failed: exit code 1\n  it wrote nothing\n"
    )
    assert rehearsal.fails(planted(Blessed=task(command=["no-such-program"]))) == (
        "Blessed cannot start no-such-program: No such file or directory"
    )


def test_an_imported_artifact(rehearsal):
    (rehearsal.store / "bucket").mkdir(parents=True)
    (rehearsal.store / "bucket" / "weights").write_text("1 2 3")
    importer = {
        "artifactUri": {"constant": "s3://bucket/weights"},
        "typeSchema": artifact_type("Weights"),
        "metadata": {"from": "ImageNet"},
    }
    script = """
(weights,) = given['inputs']['artifacts']['weights']['artifacts']
assert weights['metadata']['from'] == 'ImageNet' and weights['name'] == '1'
assert folder('inputs', 'weights').read_text() == '1 2 3'
"""
    documents = planted(
        Import=task(makes=("result",), importer=importer), Train=task(script, {"weights": "Import.result"})
    )
    rehearsal(documents)
    assert rehearsal.said == [("Import", "done"), ("Train", "done")]

    importer["artifactUri"]["constant"] = "/mnt/weights"
    assert rehearsal.fails(planted(Import=task(makes=("result",), importer=importer))).startswith(
        "Import imports /mnt/weights, which Kubeflow takes from an object store alone"
    )


def test_until_a_task(rehearsal):
    rehearsal(planted(Read=READ, Train=task(takes={"data": "Read.data"}), Other=task("sys.exit(1)")), until="Train")
    assert rehearsal.said == [("Read", "done"), ("Train", "done")]


def test_the_report_is_told_of(rehearsal):
    folder = rehearsal(planted(Report=task("put('report', 'metrics.json', '{}')", makes=("report",))))
    assert (folder / "metrics.json").read_text() == "{}"
    assert rehearsal(planted(Read=READ)) is None


def test_a_volume_has_to_be_where_the_task_expects_it(rehearsal, tmp_path):
    script = f"pathlib.Path({str(tmp_path)!r}, 'volume', 'note').write_text('here')"
    kubernetes = {"Read": {"pvcMount": [{"constant": "data", "mountPath": str(tmp_path / "volume")}]}}
    message = rehearsal.fails(planted(kubernetes, Early=task("sys.exit(1)"), Read=task(script)))
    assert message.startswith(f"Read needs the volume data at {tmp_path}/volume, and there is no such folder")
    assert rehearsal.said == []
    (tmp_path / "volume").mkdir()
    rehearsal(planted(kubernetes, Read=task(script)))
    assert (tmp_path / "volume" / "note").read_text() == "here"


def test_a_secret_comes_from_our_own_environment(rehearsal, monkeypatch):
    secret = {"secretName": "mlflow", "keyToEnv": [{"secretKey": "token", "envVar": "SEGPIPE_TEST_TOKEN"}]}
    documents = planted(
        {"Read": {"secretAsEnv": [secret]}}, Read=task("assert os.environ['SEGPIPE_TEST_TOKEN'] == 'hidden'")
    )
    monkeypatch.delenv("SEGPIPE_TEST_TOKEN", raising=False)
    message = rehearsal.fails(documents)
    assert message.startswith("Read has SEGPIPE_TEST_TOKEN from the secret mlflow;")
    monkeypatch.setenv("SEGPIPE_TEST_TOKEN", "hidden")
    rehearsal(documents)


def test_a_task_that_runs_whatever_happens_is_refused(rehearsal):
    policy = {"triggerPolicy": {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}}
    assert rehearsal.fails(planted(Last=task(**policy))) == (
        "Last is triggered by ALL_UPSTREAM_TASKS_COMPLETED, which a rehearsal does not do"
    )


def test_this_python_stands_in_for_the_images(tmp_path):
    site = ThisMachine(tmp_path)
    assert site.command({}, {}, ["python", "-c", "pass"]) == [sys.executable, "-c", "pass"]
    assert site.command({}, {}, ["sh", "-c", "python"]) == ["sh", "-c", "python"]
