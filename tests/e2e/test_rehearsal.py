"""`segpipe compile`, then `segpipe rehearse`: Kubeflow's way to the same model, and to the same verdict on the next."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
import yaml

from datasets.shapes import SHAPES_LABEL_MAP
from kubeflow.runner import compile_pipeline
from pipeline.check_inputs import check_label_map
from pipeline.config import load_config
from tests.e2e.oracle import save_oracle
from tests.e2e.segpipe import segpipe

pytestmark = pytest.mark.slow

BUCKET = "mlpipeline/v2/artifacts/shapes"
MADE = (
    ("SegmentationExampleGen", "examples"),
    ("CuratedSchema", "schema"),
    ("StatisticsGen", "statistics"),
    ("ExampleValidator", "anomalies"),
    ("LeakGuard", "findings"),
    ("Trainer", "model"),
    ("Trainer", "model_run"),
)


class Cluster:
    """Folders in the place of an object store and of a volume."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.store = folder / "store"
        self.volume = folder / "volume"
        self._config = config

    def compile(self, *changes: str) -> list[dict]:
        """The documents of the tiny pipeline, for this cluster."""
        data = yaml.safe_load(self._config.read_text())["data"]["path"]
        places = {
            "image": "segpipe:1",
            "data": data,
            "serving": self.volume / "serving",
            "checkpoints": self.volume / "checkpoints",
        }
        overrides = [f"kubeflow.{key}={value}" for key, value in places.items()]
        volumes = f"kubeflow.all.volumes=[{{claim: models, path: {self.volume}}}]"
        config = load_config(str(self._config), [*overrides, volumes, *changes])
        return [document for document in compile_pipeline(config, check_label_map(config.data)) if document]

    def rehearse(self, documents: list[dict]) -> subprocess.CompletedProcess[str]:
        path = self.store.with_name("pipeline.yaml")
        path.write_text(yaml.safe_dump_all(documents))
        return segpipe("rehearse", path, "--store", self.store)

    def artifact(self, task: str, key: str) -> Path:
        """Where the last rehearsal's lies in the store."""
        return max(self.store.glob(f"{BUCKET}/*/{task}/*/{key}"), key=lambda path: path.stat().st_mtime)

    @property
    def versions(self) -> list[str]:
        return sorted(path.name for path in (self.volume / "serving").iterdir())


@pytest.fixture(scope="module")
def cluster(tiny_config, tmp_path_factory) -> Cluster:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), tiny_config)
    cluster.volume.mkdir()
    return cluster


@pytest.fixture(scope="module")
def first(cluster) -> subprocess.CompletedProcess[str]:
    """The same run as `first_run`."""
    return cluster.rehearse(cluster.compile())


def test_it_comes_to_the_same_as_a_run_on_this_machine(first, first_run, cluster, run_dir):
    """To the bit on one machine, mostly; where threads add in another order, the last digits may differ."""
    assert first.returncode == 0, first.stdout + first.stderr
    assert first_run.returncode == 0, first_run.stderr
    tasks = re.findall(r"✓ (\w+) +\d+\.\d s", first.stderr)
    assert set(re.findall(r"✓ (\w+) +\d+\.\d s", first_run.stderr)) <= set(tasks)

    report = cluster.artifact("Report", "report")
    here, there = (json.loads((path / "metrics.json").read_text()) for path in (run_dir / "report", report))
    assert there["verdict"].pop("version") in cluster.versions and there["verdict"]["pushed"]
    assert there["verdict"].pop("path") == str(cluster.volume / "serving" / cluster.versions[0])
    for key in ("version", "path"):
        del here["verdict"][key]
    assert here.keys() == there.keys() and here["data"] == there["data"] and here["baseline"] == there["baseline"]
    for key in ("iou", "precision", "recall", "mean_iou", "pixel_accuracy"):
        assert there[key] == pytest.approx(here[key], abs=1e-6), key
    losses = [_losses(path) for path in (run_dir / "root" / "Trainer", cluster.store / BUCKET)]
    assert len(losses[0]) == 12
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-5)


def test_the_report_names_places_in_the_store(first, cluster):
    page = (cluster.artifact("Report", "report") / "index.html").read_text()
    assert f"minio://{BUCKET}/" in page and str(cluster.store) not in page


def test_it_says_what_came_of_it_and_what_it_is_not(first, cluster):
    assert f"pushed as {cluster.volume}/serving/{cluster.versions[0]}\n" in first.stdout
    assert "A rehearsal is no cluster" in first.stdout
    assert " I absl: Starting executor\n" in (cluster.store / "logs/Report.log").read_text()
    assert not (cluster.store / ".scratch").exists()


def test_the_next_is_held_against_what_was_pushed_and_has_to_earn_its_own(first, cluster, tmp_path):
    """A model that is there already comes up for release: what comes before the release is imported."""
    (pushed,) = cluster.versions
    before = json.loads((cluster.artifact("Report", "report") / "metrics.json").read_text())
    shutil.copytree(
        save_oracle(tmp_path / "oracle", 0.5, SHAPES_LABEL_MAP), cluster.store / "models" / "poor" / "Format-Serving"
    )
    uris = {made: f"minio://{cluster.artifact(*made).relative_to(cluster.store)}" for made in MADE}
    documents = cluster.compile("evaluation.gate.min_mean_iou=0.9", "servability.enabled=false")
    _import(documents[0], uris | {("Trainer", "model"): "minio://models/poor"})
    poor = cluster.rehearse(documents)
    assert poor.returncode == 2, poor.stdout + poor.stderr
    assert "not blessed, not pushed\n" in poor.stdout and cluster.versions == [pushed]
    assert re.search("– Blessed +skipped: its condition does not hold", poor.stderr)
    metrics = json.loads((cluster.artifact("Report", "report") / "metrics.json").read_text())
    assert before["baseline"] == {"state": "first", "version": None, "reason": None}
    assert (metrics["baseline"]["state"], metrics["baseline"]["version"]) == ("found", pushed)
    assert metrics["baseline"]["iou"] == before["iou"] and metrics["mean_iou"] > before["mean_iou"]
    assert [rule["passed"] for rule in metrics["verdict"]["rules"]] == [False, True]
    assert not list(cluster.artifact("Gate", "blessing").glob("BLESSED"))


def _import(spec: dict, uris: dict[tuple[str, str], str]) -> None:
    """Has importers stand in for the tasks that make these artifacts, and leaves out what only those need."""
    tasks, executors = spec["root"]["dag"]["tasks"], spec["deploymentSpec"]["executors"]
    metadata = {"split_names": '["train", "eval"]', "tfx_version": version("tfx")}
    names = {}
    for (task, key), uri in uris.items():
        kind = spec["components"][task]["outputDefinitions"]["artifacts"][key]["artifactType"]
        name = names[task, key] = f"{task}-{key}"
        tasks[name] = {"taskInfo": {"name": name}, "componentRef": {"name": name}}
        spec["components"][name] = {
            "executorLabel": name,
            "outputDefinitions": {"artifacts": {"result": {"artifactType": kind}}},
        }
        executors[name] = {
            "importer": {"artifactUri": {"constant": uri}, "typeSchema": kind, "metadata": metadata, "reimport": True}
        }
    for task in {*(task for task, _ in uris), "AnomalyGuard", "Transform"}:
        del tasks[task]
    for task in tasks.values():
        task["dependentTasks"] = [name for name in task.get("dependentTasks", ()) if name in tasks]
        for source in task.get("inputs", {}).get("artifacts", {}).values():
            output = source["taskOutputArtifact"]
            made = output["producerTask"], output["outputArtifactKey"]
            if made in names:
                source["taskOutputArtifact"] = {"producerTask": names[made], "outputArtifactKey": "result"}


def _losses(folder: Path) -> list[float]:
    (path,) = folder.glob("**/training_log.csv")
    return [float(line.split(",")[1]) for line in path.read_text().splitlines()[1:]]
