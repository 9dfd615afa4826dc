from __future__ import annotations

import pytest

from kubeflow.cluster_settings import cluster_settings
from pipeline.config import load_config
from schema.user_error import UserError
from tests.kubeflow.cluster_config import EVERY_OPTION, LEAST, cluster_config


def refusal(folder, *overrides: str) -> str:
    with pytest.raises(UserError) as caught:
        cluster_config(folder, LEAST, *overrides)
    return str(caught.value)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("kubeflow.image=", "kubeflow.image: input should be a valid string, got None"),
        ("kubeflow.image=a b", "kubeflow.image: string should match pattern"),
        ("kubeflow.data=data/roads", "kubeflow.data: should be an absolute path on a mounted volume or a gs:// URI"),
        ("kubeflow.data=s3://bucket/roads", "kubeflow.data: should be an absolute path on a mounted volume or a gs://"),
        ("kubeflow.data='/data/roads-*'", "kubeflow.data: should be an absolute path on a mounted volume or a gs://"),
        ("kubeflow.data=/", "kubeflow.data: should be an absolute path on a mounted volume or a gs://"),
        ("kubeflow.serving=gs://", "kubeflow.serving: should be an absolute path on a mounted volume or a gs:// URI"),
        ("kubeflow.pipeline_root=/root", "kubeflow.pipeline_root: should be a minio://, s3:// or gs:// URI, got"),
        ("kubeflow.pipeline_root=minio://", "kubeflow.pipeline_root: should be a minio://, s3:// or gs:// URI, got"),
        ("kubeflow.data_version=''", "kubeflow.data_version: string should have at least 1 character"),
        ("kubeflow.cpu=2", "kubeflow.cpu: unknown key; did you mean kubeflow.all.cpu?"),
        ("kubeflow.all.cpu=0", "kubeflow.all.cpu: input should be greater than 0, got 0"),
        ("kubeflow.all.memory=16Gi", "kubeflow.all.memory: input should be a valid number"),
        ("kubeflow.all.memory=.inf", "kubeflow.all.memory: input should be a finite number"),
        ("kubeflow.all.retries=101", "kubeflow.all.retries: input should be less than or equal to 100, got 101"),
        ("kubeflow.all.gpu=1", "kubeflow.all.gpu: should be a section of keys and values, got 1"),
        ("kubeflow.all.gpu.count=0", "kubeflow.all.gpu.count: input should be greater than or equal to 1, got 0"),
        ("kubeflow.all.gpu.type=nvidia gpu", "kubeflow.all.gpu.type: should be a label's name"),
        ("kubeflow.all.node_selector={gpu: true}", "kubeflow.all.node_selector.gpu: input should be a valid string"),
        ("kubeflow.all.node_selector={pool: a/b}", "kubeflow.all.node_selector.pool: should be a label's value"),
        ("kubeflow.all.node_selector={-a: b}", "kubeflow.all.node_selector.-a.[key]: should be a label's name"),
        ("kubeflow.components.Traner.cpu=1", "kubeflow.components.Traner: unknown key; did you mean Trainer?"),
        ("kubeflow.components.Trainer.cpus=1", "kubeflow.components.Trainer.cpus: unknown key; did you mean cpu?"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_name(tmp_path, override, message):
    *_, fault = refusal(tmp_path, override).splitlines()
    assert fault.startswith(f"  {message}")
    assert fault.endswith(f" (--set {override})")


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ("{secret: My_Secret, key: k, env: E}", "secret: should be the name of a Kubernetes object: lower-case"),
        ("{secret: a-, key: k, env: E}", "secret: should be the name of a Kubernetes object"),
        (f"{{secret: {'a' * 254}, key: k, env: E}}", "secret: should be the name of a Kubernetes object"),
        ("{secret: s, key: a/b, env: E}", "key: should be a key of a secret"),
        ("{secret: s, key: k, env: 1E}", "env: should be the name of an environment variable"),
        ("{secret: s, key: k, env: A-B}", "env: should be the name of an environment variable"),
        ("{secret: s, key: k, env: É}", "env: should be the name of an environment variable"),
        ("{secret: s, key: k}", "env: missing; the variable that has it"),
    ],
)
def test_secrets_have_names_that_kubernetes_takes(tmp_path, secret, message):
    assert f"kubeflow.all.secrets.0.{message}" in refusal(tmp_path, f"kubeflow.all.secrets=[{secret}]")


@pytest.mark.parametrize(
    ("volume", "message"),
    [
        ("{claim: Data, path: /data}", "claim: should be the name of a Kubernetes object"),
        ("{claim: data, path: data}", "path: should be an absolute path"),
        ("{claim: data, path: /}", "path: should be an absolute path"),
        ("{claim: data, path: '/a:b'}", "path: should be an absolute path"),
    ],
)
def test_volumes_have_names_and_paths_that_kubernetes_takes(tmp_path, volume, message):
    assert f"kubeflow.all.volumes.0.{message}" in refusal(tmp_path, f"kubeflow.all.volumes=[{volume}]")


@pytest.mark.parametrize(
    ("toleration", "message"),
    [
        ("{key: a, operator: Exists, value: b}", "operator Exists takes no value"),
        ("{value: b}", "without a key the operator should be Exists"),
        ("{key: a, value: b, effect: NoSchedule, seconds: 5}", "seconds are of effect NoExecute"),
    ],
)
def test_tolerations_are_such_as_kubernetes_takes(tmp_path, toleration, message):
    assert f"kubeflow.all.tolerations.0: {message}" in refusal(tmp_path, f"kubeflow.all.tolerations=[{toleration}]")


def test_no_place_and_no_variable_is_taken_twice(tmp_path):
    volumes = "[{claim: a, path: /data}, {claim: b, path: /data/}]"
    assert "kubeflow.all.volumes: mounts two volumes at /data" in refusal(tmp_path, f"kubeflow.all.volumes={volumes}")
    secrets = "[{secret: a, key: k, env: TOKEN}, {secret: b, key: k, env: TOKEN}]"
    assert "kubeflow.all.secrets: sets TOKEN twice" in refusal(tmp_path, f"kubeflow.all.secrets={secrets}")


def test_a_component_has_what_is_said_of_it_and_else_what_is_said_for_all(tmp_path):
    settings = cluster_config(tmp_path, EVERY_OPTION).kubeflow
    assert (settings.task("Report"), settings.task("Report").memory) == (settings.all, 8)
    evaluator = settings.task("Evaluator")
    assert (evaluator.cpu, evaluator.memory, evaluator.gpu.type, evaluator.gpu.count) == (2, 16, "nvidia.com/gpu", 1)
    gate = settings.task("Gate")
    assert (gate.node_selector, gate.tolerations, gate.secrets, gate.volumes, gate.retries) == ({}, (), (), (), 0)


def test_a_component_can_be_without_what_all_have(tmp_path):
    overrides = ("kubeflow.all.gpu.count=2", "kubeflow.all.cpu=3", "kubeflow.components.Gate={gpu: null, cpu: null}")
    settings = cluster_config(tmp_path, LEAST, *overrides).kubeflow
    assert (settings.task("Gate").gpu, settings.task("Gate").cpu) == (None, None)
    assert (settings.task("Trainer").gpu.count, settings.task("Trainer").cpu) == (2, 3)


def test_places_end_without_a_slash(tmp_path):
    settings = cluster_config(tmp_path, EVERY_OPTION).kubeflow
    assert (settings.data, settings.serving) == ("gs://bucket/roads", "/models/roads")
    assert (settings.pipeline_root, settings.all.volumes[0].path) == ("s3://artifacts/segpipe", "/models")


@pytest.mark.parametrize(
    ("override", "target", "message"),
    [
        ("name=Roads", "kfp", "name: Roads is no pipeline's name on Kubeflow; use lower-case letters, digits and -"),
        ("name=roads_2", "kfp", "name: roads_2 is no pipeline's name on Kubeflow"),
        ("name=roads-", "kfp", "name: roads- is no pipeline's name on Kubeflow"),
        ("seed=2", "vertex", "kubeflow.data: /data/roads is no place on Vertex AI; use gs://BUCKET/… or /gcs/BUCKET/…"),
    ],
)
def test_what_the_target_cannot_do_with_is_refused(tmp_path, override, target, message):
    with pytest.raises(UserError) as caught:
        cluster_settings(cluster_config(tmp_path, LEAST, override), target)
    assert str(caught.value).startswith(message)


def test_a_configuration_without_a_cluster_is_no_configuration_for_one(tmp_path):
    file = tmp_path / "local.yaml"
    file.write_text(LEAST.partition("kubeflow:")[0])
    with pytest.raises(UserError, match="has no section kubeflow; it needs image, data, serving and checkpoints"):
        cluster_settings(load_config(file), "kfp")
