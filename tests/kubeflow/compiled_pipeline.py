"""The pipeline compiled for a cluster, as the protos that the backend reads."""

from __future__ import annotations

from pathlib import Path

import yaml
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2 as protos

from kubeflow.runner import compile_pipeline
from schema.label_map import LabelMap
from tests.kubeflow.cluster_config import LEAST, cluster_config
from tests.pipeline.conftest import LABEL_MAP

CLASSES = LabelMap.from_dict({"void_id": 255, **yaml.safe_load(LABEL_MAP)})


class Compiled:
    """A compiled pipeline as protos, parsed without leave for unknown fields."""

    def __init__(self, spec: dict, platform: dict) -> None:
        self.json, self.platform = spec, platform
        self.spec = json_format.ParseDict(spec, protos.PipelineSpec())
        self._deployment = json_format.ParseDict(spec["deploymentSpec"], protos.PipelineDeploymentConfig())

    @property
    def tasks(self):
        return self.spec.root.dag.tasks

    def container(self, name: str):
        return self._deployment.executors[self.spec.components[name].executor_label].container

    def kubernetes(self, name: str) -> dict:
        executors = self.platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
        return executors.get(self.spec.components[name].executor_label, {})

    def parameters(self, name: str) -> dict:
        values = self.tasks[name].inputs.parameters
        return {key: json_format.MessageToDict(value.runtime_value.constant) for key, value in values.items()}

    def cached(self) -> set[str]:
        return {name for name, task in self.tasks.items() if task.caching_options.enable_cache}


def compiled(folder: Path, text: str = LEAST, *overrides: str, target: str = "kfp") -> Compiled:
    """Compiles one of `cluster_config`'s configurations; the files of it are in the folder."""
    return Compiled(*compile_pipeline(cluster_config(folder, text, *overrides), CLASSES, target))
