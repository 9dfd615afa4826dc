"""What we compile, as Kubeflow's current SDK understands it; our own SDK is as old as TFX asks for."""

from __future__ import annotations

import json
import subprocess

import pytest
import yaml

from tests.conftest import ROOT
from tests.kubeflow.cluster_config import EVERY_OPTION
from tests.kubeflow.compiled_pipeline import compiled

pytestmark = pytest.mark.slow
PYTHON = ROOT / ".kfp" / "bin" / "python"


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> dict:
    assert PYTHON.is_file(), f"no SDK of Kubeflow at {PYTHON}; run make test, which installs it"
    folder = tmp_path_factory.mktemp("kfp")
    file = folder / "pipeline.yaml"
    pipeline = compiled(folder, EVERY_OPTION)
    file.write_text(yaml.safe_dump_all([pipeline.json, pipeline.platform]))
    script = ROOT / "tests" / "kubeflow" / "read_with_kfp.py"
    ended = subprocess.run([PYTHON, script, file], cwd=folder, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_it_loads_as_a_component_without_parameters(read):
    assert read["names"] == ["roads"]
    assert len(read["tasks"]) == 19


def test_the_sdk_asks_kubernetes_for_the_same_in_the_same_words(read):
    assert read["kubernetes"]["Trainer"] == read["same"]["kubernetes"]["comp-train"]


def test_the_sdk_asks_for_the_same_resources(read):
    ours, theirs = read["containers"]["Trainer"]["resources"], read["same"]["containers"]["comp-train"]["resources"]
    assert ours == {"cpuLimit": 7.5, "memoryLimit": 30.5, "accelerator": {"type": "amd.com/gpu", "count": "2"}}
    # The fields that every backend reads; text beside them is for those that read it.
    assert {key: theirs[key] for key in ("cpuLimit", "memoryLimit")} == {"cpuLimit": 7.5, "memoryLimit": 30.5}
    assert {key: theirs["accelerator"][key] for key in ("type", "count")} == ours["accelerator"]


def test_the_sdk_retries_and_caches_the_same_way(read):
    ours, theirs = read["tasks"]["Trainer"], read["same"]["tasks"]["train"]
    assert ours["retryPolicy"] == theirs["retryPolicy"]
    assert ours["cachingOptions"] == theirs["cachingOptions"] == {"enableCache": True}
    assert read["tasks"]["Pusher"]["cachingOptions"] == {}
    assert "retryPolicy" not in read["tasks"]["Gate"]


def test_secrets_and_volumes_are_named_as_every_backend_reads_them(read):
    report = read["kubernetes"]["Report"]
    (secret,), (volume,) = report["secretAsEnv"], report["pvcMount"]
    assert secret["secretName"] == secret["secretNameParameter"]["runtimeValue"]["constant"] == "mlflow"
    assert secret["keyToEnv"] == [{"secretKey": "token", "envVar": "MLFLOW_TRACKING_TOKEN"}]
    assert volume["constant"] == volume["pvcNameParameter"]["runtimeValue"]["constant"] == "models"
    assert volume["mountPath"] == "/models"
    assert read["kubernetes"]["Gate"] == {}
