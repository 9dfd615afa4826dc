from __future__ import annotations

from kubeflow.kubernetes_spec import kubernetes_spec
from tests.kubeflow.cluster_config import LEAST, cluster_config

SPEC = {
    "components": {"Trainer": {"executorLabel": "exec-7"}, "Gate": {"executorLabel": "exec-8"}},
    "root": {"dag": {"tasks": {"Trainer": {}, "Gate": {}}}},
}


def executors(folder, *overrides: str) -> dict:
    platform = kubernetes_spec(SPEC, cluster_config(folder, LEAST, *overrides).kubeflow)
    return platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"] if platform else {}


def test_nothing_asked_is_no_document(tmp_path):
    settings = cluster_config(tmp_path, LEAST, "kubeflow.all={cpu: 2, retries: 3}").kubeflow
    assert kubernetes_spec(SPEC, settings) == {}


def test_executors_are_named_as_in_the_spec_and_only_those_that_ask(tmp_path):
    selector = "kubeflow.components.Trainer.node_selector={pool: gpu}"
    assert executors(tmp_path, selector) == {"exec-7": {"nodeSelector": {"labels": {"pool": "gpu"}}}}
    others = "kubeflow.components.Report.node_selector={pool: gpu}"
    assert executors(tmp_path, others) == {}  # which this pipeline does not have


def test_what_is_left_out_of_a_toleration_is_left_out(tmp_path):
    tolerations = "[{operator: Exists}, {key: a, value: '', effect: NoExecute, seconds: 0}]"
    assert executors(tmp_path, f"kubeflow.components.Gate.tolerations={tolerations}")["exec-8"]["tolerations"] == [
        {"operator": "Exists"},
        {"key": "a", "operator": "Equal", "value": "", "effect": "NoExecute", "tolerationSeconds": "0"},
    ]
