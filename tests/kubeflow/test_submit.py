"""`segpipe submit` as people start it, against a server that complains of whatever Kubeflow would not understand."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kubeflow.submission import watch_run
from pipeline.cli import main
from tests.conftest import ROOT
from tests.kubeflow.compiled import compiled
from tests.kubeflow.fake_kfp import DROP, HTML, FakeKfp, Fault, chapter, fake_kfp

BLESSED = chapter("SUCCEEDED", Gate="SUCCEEDED", Blessed="SUCCEEDED")
NOT_BLESSED = chapter("SUCCEEDED", Gate="SUCCEEDED", Blessed="SKIPPED")
TOKEN = "s3cret-t0ken"
VARIABLES = (
    "KF_PIPELINES_ENDPOINT KF_PIPELINES_UI_ENDPOINT KF_PIPELINES_SA_TOKEN_PATH KFP_NAMESPACE KFP_EXISTING_TOKEN "
    "SSL_CERT_FILE"
)


@pytest.fixture
def package(tmp_path) -> Path:
    path = tmp_path / "shapes.yaml"
    path.write_text(yaml.safe_dump(compiled()))
    return path


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No settings of whoever runs the tests, and no waiting."""
    import kfp

    monkeypatch.setattr(kfp.Client, "_LOCAL_KFP_CONTEXT", str(tmp_path / "context.json"))
    for name in VARIABLES.split():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(watch_run, "POLL", 0.01)
    monkeypatch.setattr(watch_run, "_LONGEST", 0.02)


@pytest.fixture
def server():
    with fake_kfp() as fake:
        fake.story = [BLESSED]
        yield fake


def submit(fake: FakeKfp, package: Path, *arguments: str) -> int:
    return main(["submit", str(package), "--host", fake.url, *arguments])


def test_a_pipeline_that_is_new_is_uploaded_run_and_waited_for(server, package, capsys):
    server.story = [
        chapter("PENDING"),
        chapter("RUNNING", root="RUNNING", Gate_driver="RUNNING"),
        chapter("RUNNING", root="RUNNING", Gate_driver="SUCCEEDED", Gate="RUNNING", executor="RUNNING"),
        chapter("RUNNING", root="RUNNING", Gate="SUCCEEDED", executor="SUCCEEDED", Blessed="RUNNING"),
        BLESSED,
    ]
    assert submit(server, package, "--run-name", "first", "--pipeline-root", "minio://mlpipeline/v2") == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "pipeline shapes, version shapes",
        f"first: {server.url}/#/runs/details/r1",
        "blessed and pushed",
    ]
    assert err.splitlines() == [
        "… Gate                     running",
        "✓ Gate                       90.0 s",
        "… Blessed                  running",
        "✓ Blessed                    90.0 s",
    ]
    assert [version["content"] for version in server.versions] == [package.read_bytes()]
    assert [experiment["display_name"] for experiment in server.experiments] == ["shapes"]
    (run,) = server.runs
    assert run["display_name"] == "first"
    assert run["pipeline_version_reference"] == {"pipeline_id": "p1", "pipeline_version_id": "v1"}
    assert run["runtime_config"] == {"parameters": {}, "pipeline_root": "minio://mlpipeline/v2"}


def test_a_changed_pipeline_is_a_new_version_and_an_unchanged_one_is_not(server, package, capsys):
    submit(server, package)
    changed = compiled()
    changed["deploymentSpec"]["executors"]["Gate_executor"]["container"]["image"] = "segpipe:2"
    package.write_text(yaml.safe_dump(changed))
    capsys.readouterr()
    name = f"shapes-{hashlib.sha256(package.read_bytes()).hexdigest()[:12]}"
    for end in ("", ", uploaded before"):
        assert submit(server, package, "--experiment", "nightly") == 0
        assert capsys.readouterr().out.splitlines()[0] == f"pipeline shapes, version {name}{end}"
    assert [version["name"] for version in server.versions] == ["shapes", name]
    assert server.versions[1]["content"] == package.read_bytes()
    assert [run["pipeline_version_reference"]["pipeline_version_id"] for run in server.runs] == ["v1", "v2", "v2"]
    assert [experiment["display_name"] for experiment in server.experiments] == ["shapes", "nightly"]
    assert [run["experiment_id"] for run in server.runs] == ["e1", "e2", "e2"]
    assert "pipeline_root" not in server.runs[0]["runtime_config"]


def test_not_blessed(server, package, capsys):
    server.story = [NOT_BLESSED]
    assert submit(server, package) == 2
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "not blessed, not pushed"
    assert err.splitlines() == ["✓ Gate                       90.0 s", "- Blessed                  skipped"]


def test_the_tasks_of_a_run_may_come_after_its_end(server, package, capsys):
    server.story = [chapter("SUCCEEDED", Gate="SUCCEEDED"), NOT_BLESSED]
    assert submit(server, package) == 2
    server.story = [chapter("FAILED", Gate="RUNNING"), chapter("FAILED", Gate="FAILED")]
    assert submit(server, package) == 1
    assert "the run failed in Gate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("story", "sentence"),
    [
        (chapter("FAILED", Gate_driver="SUCCEEDED", Gate="FAILED"), "the run failed in Gate; its logs: "),
        (chapter("FAILED", Gate_driver="FAILED", Gate="SKIPPED"), "the run failed in Gate; its logs: "),
        (
            {"state": "FAILED", "error": {"code": 3, "message": "no service account"}},
            "the run failed (no service account); its logs: ",
        ),
        (chapter("CANCELED", Gate="FAILED"), "the run was cancelled: "),
        (chapter("FAILED", Gate="FAILED") | {"state_history": [{"state": "CANCELING"}]}, "the run was cancelled: "),
        (
            chapter("SUCCEEDED", Gate="SUCCEEDED"),
            "the run succeeded, but its task Blessed is unknown: was it blessed? see ",
        ),
    ],
)
def test_runs_that_end_badly(server, package, capsys, story, sentence):
    server.story = [story]
    assert submit(server, package) == 1
    out, err = capsys.readouterr()
    assert err.splitlines()[-1] == f"segpipe: {sentence}{server.url}/#/runs/details/r1"
    assert "blessed" not in out


def test_a_run_is_left_alone_on_demand(server, package, capsys):
    assert submit(server, package, "--no-wait") == 0
    assert capsys.readouterr().out.endswith(f": {server.url}/#/runs/details/r1\n")
    assert ("GET", "/runs/r1") not in server.asked


def test_a_run_that_takes_too_long_goes_on(server, package, capsys):
    server.story = [chapter("RUNNING")]
    assert submit(server, package, "--timeout", "0.002") == 1
    line = "the run has not ended in the time that --timeout gives it; it goes on: "
    assert capsys.readouterr().err == f"segpipe: {line}{server.url}/#/runs/details/r1\n"


@pytest.mark.parametrize("fault", [Fault(DROP), Fault(503, "upstream connect error"), Fault(429)])
def test_a_connection_that_comes_back(server, package, capsys, fault):
    count = watch_run.PATIENCE if fault.what != DROP else 3  # urllib3 asks again where a connection breaks
    server.story = [chapter("RUNNING", Gate="RUNNING"), *[fault] * count, BLESSED]
    assert submit(server, package) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "… Gate                     running"
    assert lines[-2:] == ["✓ Gate                       90.0 s", "✓ Blessed                    90.0 s"]
    if fault.what != DROP:
        assert lines[1].startswith(f"  {server.url} refuses ({fault.what} ") and lines[1].endswith("; trying again")
        assert lines[2:-2] == ["  the server answers again"]


def test_a_connection_that_does_not_come_back(server, package, capsys):
    server.story = [chapter("RUNNING"), Fault(DROP)]
    assert submit(server, package) == 1
    first, *_, last, link = capsys.readouterr().err.splitlines()
    reason = "Remote end closed connection without response"
    assert first.startswith(f"  {server.url} cannot be reached: {reason}; ") and first.endswith("; trying again")
    assert last.startswith(f"segpipe: {server.url} cannot be reached: {reason}; ")
    assert link == f"the run goes on: {server.url}/#/runs/details/r1"


@pytest.mark.parametrize(
    ("fault", "words"),
    [(Fault(401, "token expired"), "has expired (401): token expired; "), (Fault(HTML), "text/html, as a login page")],
)
def test_a_token_that_expires_while_it_waits(server, package, capsys, fault, words):
    server.story = [chapter("RUNNING"), fault]
    assert submit(server, package) == 1
    line, link = capsys.readouterr().err.splitlines()
    assert words in line
    assert link == f"the run goes on: {server.url}/#/runs/details/r1"
    assert server.asked.count(("GET", "/runs/r1")) == 2


@pytest.fixture
def guarded():
    with fake_kfp(token=TOKEN, multi_user=True) as fake:
        fake.story = [BLESSED]
        yield fake


@pytest.mark.parametrize("place", ["flag", "value", "path"])
def test_token_and_namespace_reach_every_request(guarded, package, capsys, monkeypatch, tmp_path, place):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    arguments = []
    if place == "flag":
        monkeypatch.setenv("KFP_EXISTING_TOKEN", "another")
        arguments = ["--token-file", str(file), "--namespace", "anna"]
    else:
        monkeypatch.setenv("KFP_NAMESPACE", "anna")
        name, value = {"value": ("KFP_EXISTING_TOKEN", TOKEN), "path": ("KF_PIPELINES_SA_TOKEN_PATH", str(file))}[place]
        monkeypatch.setenv(name, value)
    assert submit(guarded, package, *arguments) == 0
    assert [pipeline["namespace"] for pipeline in guarded.pipelines] == ["anna"]
    assert [experiment["namespace"] for experiment in guarded.experiments] == ["anna"]
    assert TOKEN not in "".join(capsys.readouterr())
    assert not any(TOKEN in path.read_text() for path in tmp_path.iterdir() if path != file)


def test_a_token_that_is_renewed_in_its_file_is_taken(guarded, package, tmp_path, monkeypatch):
    file = tmp_path / "token"
    file.write_text(TOKEN)

    def renew(_):
        guarded.token = "the-next-one"
        file.write_text("the-next-one")
        guarded.story = [BLESSED]

    guarded.story = [chapter("RUNNING")]
    monkeypatch.setattr(watch_run.time, "sleep", renew)
    assert submit(guarded, package, "--namespace", "anna", "--token-file", str(file)) == 0


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        (None, "the token cannot be read: No such file or directory"),
        (" \n", "has no token in it: one word of plain characters"),
        ("two\nsecrets", "has no token in it: one word of plain characters"),
        ("schlüssel", "has no token in it: one word of plain characters"),
    ],
)
def test_a_file_without_a_token(guarded, package, capsys, tmp_path, token, sentence):
    file = tmp_path / "token"
    if token is not None:
        file.write_text(token)
    assert submit(guarded, package, "--token-file", str(file)) == 1
    assert capsys.readouterr().err.removeprefix(f"segpipe: {file}").lstrip(": ") == f"{sentence}\n"
    assert guarded.asked == []


def test_a_wrong_token_is_refused_and_not_shown(guarded, package, capsys, monkeypatch):
    monkeypatch.setenv("KFP_EXISTING_TOKEN", "wr0ng")
    assert submit(guarded, package, "--namespace", "anna") == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"segpipe: {guarded.url} knows no such token, or it has expired (401): ")
    assert "wr0ng" not in err


def test_a_server_of_several_users_asks_whose(package, capsys):
    with fake_kfp(multi_user=True) as fake:
        assert submit(fake, package) == 1
        assert fake.asked == [("GET", "/healthz"), ("GET", "/healthz")]
    assert "say whose namespace with --namespace, or the variable KFP_NAMESPACE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            Fault(403, "User 'x' is not authorized\nwith reason: ..."),
            "does not allow it (403): User 'x' is not authorized with",
        ),
        (Fault(404), "has no such thing (404); is --host the address of Kubeflow Pipelines 2?"),
        (Fault(HTML), "answers with text/html, as a login page does; give a valid token"),
        (Fault(500, "x" * 1000), f"refuses (500 Internal Server Error): {'x' * 300} …"),
        (Fault(DROP), "cannot be reached: Remote end closed connection without response"),
    ],
)
@pytest.mark.parametrize("place", [("GET", "/healthz"), ("GET", "/pipelines"), ("POST", "/pipelines/upload")])
def test_a_server_that_refuses_before_the_run(server, package, capsys, fault, words, place):
    server.faults[place] = fault
    assert submit(server, package) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"segpipe: {server.url} {words}")
    assert server.runs == []


def test_a_connection_that_breaks_when_the_run_is_asked_for(server, package, capsys):
    server.faults["POST", "/runs"] = Fault(DROP)
    assert submit(server, package) == 1
    _, line = capsys.readouterr().err.splitlines()
    assert line == f"the run may have started all the same: {server.url}/#/runs"
    assert server.asked.count(("POST", "/runs")) == 1  # never twice: that could be two runs


def test_nobody_there(package, capsys):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        assert main(["submit", str(package), "--host", url]) == 1
    assert capsys.readouterr().err.startswith(f"segpipe: {url} cannot be reached: Connection refused; is --host right")


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        (None, "where is Kubeflow Pipelines? give --host URL, or set the variable KF_PIPELINES_ENDPOINT"),
        ("ftp://x", "--host should be an http:// or https:// address, got ftp://x"),
        ("https://", "--host should be an http:// or https:// address, got https:"),
        ("https://anna:pass@x", "--host has a password in it, which would be shown; give a token instead"),
    ],
)
def test_hosts_that_are_none(package, capsys, host, sentence):
    assert main(["submit", str(package), *(["--host", host] if host else [])]) == 1
    assert capsys.readouterr().err == f"segpipe: {sentence}\n"


def test_host_and_page_from_the_environment(server, package, capsys, monkeypatch):
    monkeypatch.setenv("KF_PIPELINES_ENDPOINT", f"{server.url}/")
    monkeypatch.setenv("KF_PIPELINES_UI_ENDPOINT", "https://kubeflow.example/pipeline/")
    assert main(["submit", str(package), "--run-name", "a"]) == 0
    assert "a: https://kubeflow.example/pipeline/#/runs/details/r1" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("arguments", [["--timeout", "0"], ["--timeout", "nan"], ["--timeout", "soon"]])
def test_wrong_arguments(package, capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(["submit", str(package), *arguments])
    assert caught.value.code == 1
    assert "argument --timeout: invalid" in capsys.readouterr().err


def test_a_pipeline_root_that_is_none(server, package, capsys):
    assert submit(server, package, "--pipeline-root", "/tmp") == 1
    line = "--pipeline-root should be a minio://, s3:// or gs:// URI, got /tmp"
    assert capsys.readouterr().err == f"segpipe: {line}\n"
    assert server.asked == []


def test_an_interruption_leaves_the_run_and_says_so(server, package):
    server.story = [chapter("RUNNING", Gate="RUNNING")]
    command = [sys.executable, "-m", "pipeline.cli", "submit", str(package), "--host", server.url]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # Tests that a shell started in the background ignore interrupts, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr.readline() == "… Gate                     running\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == f"the run goes on: {server.url}/#/runs/details/r1\nsegpipe: interrupted\n"
