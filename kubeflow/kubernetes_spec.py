"""The second document of a compiled pipeline: what is asked of Kubernetes itself (KFP's `KubernetesExecutorConfig`)."""

from __future__ import annotations

from typing import Any

from kubeflow.settings import KubeflowSettings, SecretSettings, TaskSettings, TolerationSettings, VolumeSettings


def kubernetes_spec(spec: dict[str, Any], settings: KubeflowSettings) -> dict[str, Any]:
    """Node selectors, tolerations, secrets and volumes of every task that has any; `{}` where none has.

    Args:
        spec: the PipelineSpec, whose tasks and executors are meant.
        settings: of the cluster.
    """
    executors = {
        spec["components"][name]["executorLabel"]: config
        for name in spec["root"]["dag"]["tasks"]
        if (config := _config(settings.task(name)))
    }
    return {"platforms": {"kubernetes": {"deploymentSpec": {"executors": executors}}}} if executors else {}


def _config(task: TaskSettings) -> dict[str, Any]:
    config = {
        "nodeSelector": {"labels": dict(task.node_selector)} if task.node_selector else {},
        "tolerations": [_toleration(toleration) for toleration in task.tolerations],
        "secretAsEnv": [_secret(secret) for secret in task.secrets],
        "pvcMount": [_volume(volume) for volume in task.volumes],
    }
    return {key: value for key, value in config.items() if value}


def _toleration(toleration: TolerationSettings) -> dict[str, Any]:
    values = toleration.model_dump(exclude_none=True)
    if "seconds" in values:
        values["tolerationSeconds"] = str(values.pop("seconds"))  # an int64, which JSON has as text
    return values


# Names stand twice: backends before 2.5 read the plain one, later ones the parameter, as kfp-kubernetes writes them.
def _secret(secret: SecretSettings) -> dict[str, Any]:
    return {
        "secretName": secret.secret,
        "secretNameParameter": {"runtimeValue": {"constant": secret.secret}},
        "keyToEnv": [{"secretKey": secret.key, "envVar": secret.env}],
        "optional": False,
    }


def _volume(volume: VolumeSettings) -> dict[str, Any]:
    return {
        "constant": volume.claim,
        "pvcNameParameter": {"runtimeValue": {"constant": volume.claim}},
        "mountPath": volume.path,
    }
