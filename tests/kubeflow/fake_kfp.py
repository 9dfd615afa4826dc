"""A Kubeflow Pipelines server that knows what it should be asked, and complains of anything else."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

API = "/apis/v2beta1"
DROP, HTML = "drop", "html"  # of a `Fault`: the connection breaks; a login page comes


class Fault:
    """Answers a request in the place of what was asked for: an HTTP status, `DROP` or `HTML`."""

    def __init__(self, what: int | str, message: str = "") -> None:
        self.what, self.message = what, message


class FakeKfp:
    """What the server at `url` has been told, and what it will say.

    Args:
        token: that every request has to bring; None: nobody is asked.
        multi_user: whether pipelines, experiments and runs have namespaces.
    """

    def __init__(self, *, token: str | None = None, multi_user: bool = False) -> None:
        self.url = ""
        self.token = token
        self.multi_user = multi_user
        self.pipelines: list[dict] = []
        self.versions: list[dict] = []  # with `content`, what was uploaded
        self.experiments: list[dict] = []
        self.runs: list[dict] = []
        self.story: list[dict | Fault] = []  # one chapter for each time that the run is asked for; the last one stays
        self.faults: dict[tuple[str, str], Fault] = {}  # by method and path below the API's
        self.asked: list[tuple[str, str]] = []  # method and path
        self.complaints: list[str] = []

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes, headers: Any) -> dict | Fault:
        self.asked.append((method, path))
        if fault := self.faults.get((method, path)):
            return fault
        if self.token and headers.get("Authorization") != f"Bearer {self.token}":
            return Fault(401, "Request header error: there is no user identity header.")
        kind = headers.get("Content-Type", "")
        for pattern, allowed, handler in (
            ("GET /healthz", "", self._healthz),
            ("GET /pipelines", "filter namespace page_token page_size sort_by", self._list_pipelines),
            ("POST /pipelines/upload", "name namespace", self._upload),
            ("POST /pipelines/upload_version", "name pipelineid", self._upload_version),
            ("GET /pipelines/[^/]+/versions", "filter page_token page_size sort_by", self._list_versions),
            ("GET /experiments", "filter namespace", self._list_experiments),
            ("POST /experiments", "", self._create_experiment),
            ("POST /runs", "", self._create_run),
            ("GET /runs/[^/]+", "", self._get_run),
        ):
            if re.fullmatch(pattern, f"{method} {path}"):
                self._expect(set(query) <= set(allowed.split()), f"{method} {path} with {sorted(query)}")
                content = _uploaded(body, kind) if "upload" in path else json.loads(body or "{}")
                return handler(path, query, content)
        self._expect(False, f"no such path: {method} {path}")
        return Fault(404, "no such path")

    def _expect(self, right: bool, complaint: str) -> None:
        if not right:
            self.complaints.append(complaint)

    def _healthz(self, *_: Any) -> dict:
        return {"multi_user": True} if self.multi_user else {}  # as protobuf's JSON, which leaves out false

    def _list_pipelines(self, path: str, query: dict, content: Any) -> dict:
        space = query.get("namespace", "")
        self._expect(bool(space) == self.multi_user, f"pipelines of namespace {space!r}")
        return {"pipelines": [p for p in self.pipelines if (p["name"], p["namespace"]) == (_name(query), space)]}

    def _upload(self, path: str, query: dict, content: tuple[str, bytes]) -> dict | Fault:
        self._expect(bool(query.get("namespace")) == self.multi_user, f"upload without its namespace: {query}")
        if any(pipeline["name"] == query["name"] for pipeline in self.pipelines):
            return Fault(409, "already exists")
        pipeline = {"pipeline_id": f"p{len(self.pipelines) + 1}", "name": query["name"], "display_name": query["name"]}
        self.pipelines.append({**pipeline, "namespace": query.get("namespace", "")})
        self._add_version(pipeline["pipeline_id"], query["name"], content)
        return pipeline

    def _upload_version(self, path: str, query: dict, content: tuple[str, bytes]) -> dict:
        self._expect(query["pipelineid"] in [p["pipeline_id"] for p in self.pipelines], f"version of {query}")
        return self._add_version(query["pipelineid"], query["name"], content)

    def _add_version(self, pipeline_id: str, name: str, content: tuple[str, bytes]) -> dict:
        file_name, data = content
        self._expect(file_name.endswith((".yaml", ".yml")), f"{file_name} is uploaded")
        version = {"pipeline_id": pipeline_id, "name": name, "display_name": name}
        version["pipeline_version_id"] = f"v{len(self.versions) + 1}"
        self.versions.append({**version, "content": data})
        return version

    def _list_versions(self, path: str, query: dict, content: Any) -> dict:
        found = [version for version in reversed(self.versions) if version["pipeline_id"] == path.split("/")[2]]
        if query.get("filter"):
            found = [version for version in found if version["name"] == _name(query)]
        else:
            self._expect(query.get("sort_by") == "created_at desc", f"the newest version, by {query.get('sort_by')}")
        shown = [{key: value for key, value in version.items() if key != "content"} for version in found]
        return {"pipeline_versions": shown[: int(query.get("page_size") or 10)]}

    def _list_experiments(self, path: str, query: dict, content: Any) -> dict:
        space = query.get("namespace", "")
        return {
            "experiments": [
                found
                for found in self.experiments
                if (found["display_name"], found["namespace"]) == (_name(query), space)
            ]
        }

    def _create_experiment(self, path: str, query: dict, content: dict) -> dict:
        self._expect(set(content) <= {"display_name", "namespace"}, f"experiment of {sorted(content)}")
        self._expect(bool(content.get("namespace")) == self.multi_user, f"experiment in {content.get('namespace')!r}")
        experiment = {"namespace": "", **content, "experiment_id": f"e{len(self.experiments) + 1}"}
        self.experiments.append(experiment)
        return experiment

    def _create_run(self, path: str, query: dict, content: dict) -> dict:
        wanted = {"experiment_id", "display_name", "pipeline_version_reference", "runtime_config"}
        self._expect(set(content) == wanted, f"run of {sorted(content)}")
        self._expect(content["experiment_id"] in [e["experiment_id"] for e in self.experiments], "run in no experiment")
        reference = content["pipeline_version_reference"]
        versions = [(version["pipeline_id"], version["pipeline_version_id"]) for version in self.versions]
        self._expect((reference["pipeline_id"], reference["pipeline_version_id"]) in versions, f"run of {reference}")
        run = {**content, "run_id": f"r{len(self.runs) + 1}", "state": "PENDING"}
        self.runs.append(run)
        return run

    def _get_run(self, path: str, query: dict, content: Any) -> dict | Fault:
        (run,) = [run for run in self.runs if f"/runs/{run['run_id']}" == path]
        chapter = self.story.pop(0) if len(self.story) > 1 else self.story[0]
        return chapter if isinstance(chapter, Fault) else {**run, **chapter}


def chapter(state: str, **nodes: str) -> dict:
    """A run's state and those of its nodes, which began a minute apart; what has ended took 90 seconds.

    `_driver` stands for `-driver`. As Argo tells of them, nodes are in no order.
    """
    details = [
        {
            "display_name": name.replace("_", "-"),
            "state": value,
            "start_time": f"2024-05-01T10:{minute:02}:00Z",
            "end_time": f"2024-05-01T10:{minute + 1:02}:30Z",
        }
        for minute, (name, value) in enumerate(nodes.items())
    ]
    return {"state": state, "run_details": {"task_details": details[::-1]}}


@contextmanager
def fake_kfp(**options: Any) -> Iterator[FakeKfp]:
    """Runs one; what it complains of fails the test."""
    fake = FakeKfp(**options)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = dict(parse_qsl(parts.query))
            if not parts.path.startswith(API):
                fake.complaints.append(f"outside of the API: {parts.path}")
            answer = fake.answer(self.command, parts.path.removeprefix(API), query, body, self.headers)
            if not isinstance(answer, Fault):
                self._send(200, "application/json", json.dumps(answer))
            elif answer.what == HTML:
                self._send(200, "text/html; charset=utf-8", "<html><body>Log in to Your Account</body></html>")
            elif answer.what == DROP:
                self.close_connection = True
            else:
                self._send(answer.what, "application/json", json.dumps({"code": 16, "message": answer.message}))

        do_POST = do_GET  # noqa: N815

        def _send(self, status: int, kind: str, text: str) -> None:
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
    assert fake.complaints == []


def _name(query: dict) -> str:
    """The name that a filter asks for."""
    (predicate,) = json.loads(query["filter"])["predicates"]
    assert predicate["key"] in ("name", "display_name") and predicate["operation"] in (1, "EQUALS")
    return predicate["stringValue"]


def _uploaded(body: bytes, kind: str) -> tuple[str, bytes]:
    """Name and content of the one file in a multipart body."""
    (part,) = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body).get_payload()
    assert part.get_param("name", header="Content-Disposition") == "uploadfile"
    return part.get_filename(), part.get_payload(decode=True)
