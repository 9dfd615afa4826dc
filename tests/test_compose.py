"""What `compose.yaml` and its files say; `make test-compose` starts the containers."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from components.report.write_report import METRICS, PAGE
from pipeline.cli import FAILED, main
from pipeline.config import load_config
from pipeline.read_yaml import read_yaml
from tests.conftest import ROOT

TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
FILE = read_yaml(TEXT, "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OURS = ("data", "pipeline", "server")
STARTED = ("mlflow", "reports", "serving")  # by `docker compose up`
# Where each may write.
WRITTEN = {"pipeline": {"/work/runs"}, "data": {"/work/data"}, "mlflow": {"/mlflow"}}
SERVICE = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def resolved(text: str) -> str:
    """As it is where no variable is set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def published(service: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Address, port of the machine, port of the container."""
    parts = [port.split(":") for port in service.get("ports", [])]
    return [(address, int(outside), int(inside)) for address, outside, inside in parts]


def option(service: dict[str, Any], name: str) -> str:
    (value,) = [word.split("=", 1)[1] for word in service["command"] if word.startswith(f"--{name}=")]
    return value


def test_there_are_those_that_the_documentation_names():
    assert set(SERVICES) == {*OURS, *STARTED}
    assert {name for name, service in SERVICES.items() if "profiles" not in service} == set(STARTED)
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "containers.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(SERVICES) <= set(rows)


def test_every_variable_has_a_default_and_is_documented():
    used = re.findall(r"\$\{?(\w+)(:-[^}]+)?", TEXT)
    page = (ROOT / "docs" / "containers.md").read_text(encoding="utf-8")
    assert {name for name, _ in used} == set(re.findall(r"^\| `(SEGPIPE_\w+)` \|", page, re.MULTILINE))
    assert all(default for _, default in used)


@SERVICE
def test_nobody_is_root_or_may_become_it(service):
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", resolved(service["user"]))
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "devices", "network_mode", "pid", "ipc", "userns_mode"} & set(service)


@SERVICE
def test_images_are_ours_or_of_an_exact_version(service):
    image = resolved(service["image"])
    if "build" in service:
        assert image == "segpipe"
        assert (ROOT / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    else:
        assert re.fullmatch(r"[a-z.]+\.[a-z]+/[\w/-]+:v?\d+\.\d+\.\d+(-alpine)?", image)


@SERVICE
def test_ports_are_those_of_this_machine_alone(service):
    assert {address for address, _, _ in published(service)} <= {"127.0.0.1"}


def test_no_two_want_the_same_port():
    ports = [outside for service in SERVICES.values() for _, outside, _ in published(service)]
    assert len(ports) == len(set(ports)) == 5


@pytest.mark.parametrize("name", SERVICES)
def test_each_writes_nowhere_but_where_it_should(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    mounts = service["volumes"]
    assert {mount["target"] for mount in mounts if not mount.get("read_only")} == WRITTEN.get(name, set())
    for mount in mounts:
        source = PurePosixPath(resolved(mount["source"]))
        if source.parts[0] in ("data", "runs"):  # of the user; Docker is not to make them in root's name
            assert mount["bind"] == {"create_host_path": False}
        else:
            assert mount["read_only"] is True
            assert (ROOT / source).exists()


@SERVICE
def test_no_secrets(service):
    named = set(service.get("environment", {}))
    assert not [name for name in named if re.search("TOKEN|PASSWORD|SECRET|CREDENTIAL|KEY", name)]


@pytest.mark.parametrize("name", [name for name in SERVICES if "ports" in SERVICES[name]])
def test_what_stays_up_is_probed_at_its_own_port(name):
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    (port,) = re.findall(r"127\.0\.0\.1[:/](\d+)", service["healthcheck"]["test"])
    assert int(port) in [inside for _, _, inside in published(service)]


@pytest.mark.parametrize("name", [name for name in OURS if "command" in SERVICES[name]])
def test_commands_are_those_of_segpipe(name, monkeypatch, capsys):
    assert SERVICES[name]["entrypoint"] == ["segpipe"]
    words = [resolved(word) for word in SERVICES[name]["command"]]
    monkeypatch.chdir(ROOT / "docs")  # where there is neither a configuration nor a run
    monkeypatch.setattr("pipeline.cli.hush", lambda: None)
    assert main(words) == FAILED
    said = capsys.readouterr().err
    assert "usage" not in said
    assert words[1] in said


def test_the_run_is_logged_to_the_server_beside_it(monkeypatch):
    monkeypatch.chdir(ROOT)
    pipeline, mlflow = SERVICES["pipeline"], SERVICES["mlflow"]
    _, path, flag, override = map(resolved, pipeline["command"])
    assert flag == "--set"
    config = load_config(path, [override])
    port = option(mlflow, "port")
    assert config.tracking.mlflow.uri == f"http://mlflow:{port}"
    assert f"mlflow:{port}" in option(mlflow, "allowed-hosts").split(",")
    assert "mlflow" in pipeline["depends_on"]
    folder = PurePosixPath(pipeline["working_dir"])
    mounted = {mount["target"] for mount in pipeline["volumes"]}
    for used in (config.run_dir, config.data.path.absolute(), (ROOT / path)):
        assert (folder / used.relative_to(ROOT).parts[0]).as_posix() in mounted


def test_mlflows_store_is_what_is_mounted():
    mlflow = SERVICES["mlflow"]
    assert option(mlflow, "backend-store-uri").startswith("sqlite:////mlflow/")
    assert option(mlflow, "artifacts-destination").startswith("/mlflow/")


def test_the_versions_are_those_that_we_test_and_name_elsewhere():
    (tested,) = re.findall(r"^MLFLOW_VERSION := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert SERVICES["mlflow"]["image"] == f"ghcr.io/mlflow/mlflow:v{tested}"
    on_a_cluster = yaml.safe_load((ROOT / "kubeflow" / "inference_service.yaml").read_text())
    version = on_a_cluster["spec"]["predictor"]["model"]["runtimeVersion"]
    assert SERVICES["serving"]["image"] == f"docker.io/tensorflow/serving:{version}"
    assert f"image: tensorflow/serving:{version}\n" in (ROOT / "docs" / "kubeflow.md").read_text(encoding="utf-8")


def test_what_is_served_is_where_the_demo_pushes():
    text = (ROOT / "compose" / "models.config").read_text(encoding="utf-8")
    (served,) = re.findall(r'base_path: "(.+)"', text)
    run_dir = load_config(ROOT / "configs" / "shapes.yaml").run_dir.relative_to(Path.cwd())
    assert served == f"/{run_dir}/serving"
    assert "/runs" in {mount["target"] for mount in SERVICES["serving"]["volumes"]}
    assert option(SERVICES["serving"], "model_config_file") == "/compose/models.config"
    (kept,) = re.findall(r"latest \{ num_versions: (\d+) \}", text)
    assert int(kept) >= 2  # one to go back to


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/shapes", True),
        ("/shapes/report/", True),
        (f"/shapes/report/{PAGE}", True),
        (f"/shapes/report/{METRICS}", True),
        ("/shapes/history.html", True),
        ("/shapes/tfma.html", True),
        ("/", False),
        ("/.keras/report/index.html", False),
        ("/shapes/.report.new/index.html", False),
        ("/shapes/metadata.sqlite", False),
        ("/shapes/run.log", False),
        ("/shapes/root/Trainer/model/6/index.html", False),
        ("/shapes/serving/1/saved_model.pb", False),
        ("/shapes/report/index.html.bak", False),
        ("/mlflow/mlflow.db", False),
    ],
)
def test_nginx_serves_the_pages_of_runs_alone(path, found):
    text = (ROOT / "compose" / "nginx.conf").read_text(encoding="utf-8")
    patterns = re.findall(r"location ~ (\S+) \{", text)
    assert len(patterns) == 3
    assert any(re.search(pattern, path) for pattern in patterns) == found
    assert "autoindex" not in text


def test_nginx_listens_and_reads_where_it_is_mounted():
    text = (ROOT / "compose" / "nginx.conf").read_text(encoding="utf-8")
    (port,) = re.findall(r"^ +listen (\d+);", text, re.MULTILINE)
    assert [int(port)] == [inside for _, _, inside in published(SERVICES["reports"])]
    (root,) = re.findall(r"^ +root (\S+);", text, re.MULTILINE)
    assert root in {mount["target"] for mount in SERVICES["reports"]["volumes"]}
    written = re.findall(r"^ *(?:pid|\w+_temp_path) (\S+);", text, re.MULTILINE)
    assert len(written) == 6 and all(place.startswith("/tmp/") for place in written)


def test_the_variant_for_gpus_changes_what_is_there():
    variant = read_yaml((ROOT / "compose" / "gpu.yaml").read_text(encoding="utf-8"), "gpu.yaml")
    (name,) = variant["services"]
    assert name == "pipeline"
    (argument,) = variant["services"][name]["build"]["args"].items()
    dockerfile = (ROOT / SERVICES[name]["build"]["dockerfile"]).read_text(encoding="utf-8")
    assert argument == ("DEVICE", "gpu")
    assert "ARG DEVICE=" in dockerfile and "    gpu) " in dockerfile
