"""What the Dockerfiles say; `make test-image` builds the image and tries it."""

from __future__ import annotations

import re

import pytest

from components.report.commit import VARIABLE
from tests.conftest import ROOT
from tests.image.stages import stages

MAIN = ROOT / "kubeflow" / "Dockerfile"
BEAM = ROOT / "kubeflow" / "beam.Dockerfile"
BOTH = pytest.mark.parametrize("path", [MAIN, BEAM], ids=lambda path: path.name)


def _default(argument: str, text: str) -> str:
    (value,) = re.findall(rf"^ARG {argument}=(\S+)$", text, re.MULTILINE)
    return value


def _locked(package: str) -> list[str]:
    """Versions in uv.lock: of Python 3.10, then of newer ones."""
    lock = (ROOT / "uv.lock").read_text()
    return re.findall(rf'^name = "{package}"\nversion = "(.+)"$', lock, re.MULTILINE)


@BOTH
def test_ends_as_a_user_by_number_who_is_not_root(path):
    users = [rest for keyword, rest in stages(path)[-1] if keyword == "USER"]
    assert re.fullmatch("[1-9][0-9]{3,}:0", users[-1])  # Kubernetes tells who is not root by the number alone


@BOTH
def test_takes_no_secrets(path):
    text = path.read_text()
    named = re.findall(r"^(?:ARG|ENV)\s+(\w+)|^\s+(\w+)=", text, re.MULTILINE)
    names = {name for pair in named for name in pair if name}
    assert names
    assert not [name for name in names if re.search("TOKEN|PASSWORD|SECRET|CREDENTIAL|KEY", name)]
    assert "type=secret" not in text
    assert not re.search(r"https?://[^/\s]*@", text)


@BOTH
def test_ends_with_what_other_stages_made_alone(path):
    copied = [rest.split() for keyword, rest in stages(path)[-1] if keyword in ("COPY", "ADD")]
    assert copied
    assert all(words[0].startswith("--from=") for words in copied)


def test_no_compiler_in_the_image():
    first, *_, last = stages(MAIN)
    assert any("apt-get install" in rest and "g++" in rest for _, rest in first)
    assert not any("apt-get" in rest for _, rest in last)


def test_dependencies_are_those_of_the_lock_and_a_layer_of_their_own():
    dependencies, project, last = stages(MAIN)
    (sync,) = [rest for _, rest in dependencies if "uv sync" in rest]
    for option in ("--frozen", "--no-dev", "--no-install-project", "--extra mlflow"):
        assert f"{option} " in sync
    assert ("COPY", "pyproject.toml uv.lock ./") in dependencies
    assert ("COPY", ". .") not in dependencies
    assert ("COPY", ". .") in project
    assert ("COPY", "--from=dependencies /opt/segpipe /opt/segpipe") in last


def test_labels_tell_the_versions():
    text = MAIN.read_text()
    (labels,) = [rest for keyword, rest in stages(MAIN)[-1] if keyword == "LABEL"]
    assert 'image.version="${VERSION}"' in labels
    assert 'image.revision="${COMMIT}"' in labels
    assert 'tfx.version="${TFX}"' in labels
    assert (
        _default("VERSION", text) == re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.M)[0]
    )
    assert _default("TFX", text) == _locked("tfx")[-1]
    assert ("ENV", f"{VARIABLE}=${{COMMIT}}") in stages(MAIN)[-1]


def test_the_build_tries_what_it_installed():
    assert any("kubeflow.healthy segpipe=${VERSION} tfx=${TFX}" in rest for _, rest in stages(MAIN)[-1])


def test_tools_are_those_of_the_project():
    (version,) = re.findall(r"^UV_VERSION := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert _default("UV_VERSION", MAIN.read_text()) == version


def test_beams_boot_program_is_of_our_beam_and_our_python():
    python, beam = re.fullmatch(
        r"docker.io/apache/beam_python(.+)_sdk:(.+)", _default("BEAM", BEAM.read_text())
    ).groups()
    assert beam == _locked("apache-beam")[-1]
    assert _default("BASE", MAIN.read_text()) == f"docker.io/library/python:{python}-slim-trixie"


def test_tensorflow_without_gpu_is_the_same_tensorflow():
    assert _locked("tensorflow-cpu") == _locked("tensorflow")
    assert len(_locked("tensorflow")) == 2


def test_only_what_is_installed_goes_into_the_build():
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    packages = re.findall(r"^packages = \[(.+)\]$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[0]
    wanted = {*re.findall(r'"(\w+)"', packages), "LICENSE", "README.md", "pyproject.toml", "uv.lock"}
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == wanted
    assert all((ROOT / name).exists() for name in wanted)
    assert "**/__pycache__" in lines
