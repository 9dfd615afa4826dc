"""Reads a compiled pipeline as Kubeflow's current SDK does: `.kfp/bin/python read_with_kfp.py FILE`.

Prints a JSON object: `names` of the pipeline and its parameters, `tasks`, `containers` and `kubernetes`, each by
component, of protos that were parsed without leave for unknown fields; and `same`, what the SDK itself compiles for a
task that asks for what the Trainer of `cluster_config.EVERY_OPTION` asks for.
"""

import json
import sys
import tempfile
from pathlib import Path

import yaml
from google.protobuf.json_format import MessageToDict, ParseDict
from kfp import compiler, components, dsl, kubernetes
from kfp.kubernetes.kubernetes_executor_config_pb2 import KubernetesExecutorConfig
from kfp.pipeline_spec.pipeline_spec_pb2 import PipelineDeploymentConfig, PipelineSpec, PlatformSpec


@dsl.container_component
def train():
    return dsl.ContainerSpec(image="image:1", command=["train"])


@dsl.pipeline(name="same")
def same():
    task = train()
    task.set_cpu_limit("7.5").set_memory_limit("30500M").set_accelerator_type("amd.com/gpu").set_accelerator_limit(2)
    task.set_retry(5, backoff_duration="30s", backoff_factor=2.0, backoff_max_duration="3600s")
    task.set_caching_options(True)
    kubernetes.add_node_selector(task, "example.com/pool", "gpu")
    kubernetes.add_node_selector(task, "zone", "b")
    kubernetes.add_toleration(
        task, key="example.com/gpu", operator="Exists", effect="NoExecute", toleration_seconds=3600
    )
    kubernetes.add_toleration(task, operator="Exists")
    kubernetes.use_secret_as_env(task, "store.v1", {"access-key": "AWS_ACCESS_KEY_ID"})
    kubernetes.use_secret_as_env(task, "store.v1", {"secret.key": "AWS_SECRET_ACCESS_KEY"})
    kubernetes.mount_pvc(task, "models", "/models")
    kubernetes.mount_pvc(task, "checkpoints", "/checkpoints")


def read(file: Path) -> dict:
    """What the protos of a compiled pipeline hold, by component."""
    spec_json, platform_json = yaml.safe_load_all(file.read_text())
    spec = ParseDict(spec_json, PipelineSpec())
    deployment = ParseDict(spec_json["deploymentSpec"], PipelineDeploymentConfig())
    platform = ParseDict(platform_json, PlatformSpec()).platforms["kubernetes"].deployment_spec
    containers, asked = {}, {}
    for name, component in spec.components.items():
        label = component.executor_label
        containers[name] = MessageToDict(deployment.executors[label].container)
        config = MessageToDict(platform.executors[label]) if label in platform.executors else {}
        asked[name] = MessageToDict(ParseDict(config, KubernetesExecutorConfig()))
    tasks = {name: MessageToDict(task) for name, task in spec.root.dag.tasks.items()}
    return {"tasks": tasks, "containers": containers, "kubernetes": asked}


loaded = components.load_component_from_file(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "same.yaml"
    compiler.Compiler().compile(same, str(file))
    theirs = read(file)
names = [loaded.name, *(loaded.component_spec.inputs or {})]
print(json.dumps({"names": names, **read(Path(sys.argv[1])), "same": theirs}))
