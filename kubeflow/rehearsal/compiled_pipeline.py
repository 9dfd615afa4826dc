"""A compiled pipeline, as it is read from its file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kubeflow.check_spec import check_spec
from kubeflow.settings import DEFAULT_ROOT
from schema.user_error import UserError

_PARTS = {"pipelineInfo", "components", "deploymentSpec", "root"}


@dataclass(frozen=True)
class CompiledPipeline:
    """What `segpipe compile` writes: a PipelineSpec and what is asked of Kubernetes (`{}` where nothing is)."""

    spec: dict[str, Any]
    platform: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> CompiledPipeline:
        """Raises UserError when the file is no such pipeline, or holds what Kubeflow would not execute."""
        try:
            documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise UserError(f"{path}: cannot read: {error.strerror}") from error
        except (UnicodeDecodeError, yaml.YAMLError) as error:
            raise UserError(f"{path}: is not YAML; expected what segpipe compile writes") from error
        spec = documents[0] if documents else None
        if not isinstance(spec, dict) or not spec.keys() >= _PARTS or len(documents) > 2:
            raise UserError(f"{path}: is not a compiled pipeline; expected what segpipe compile writes")
        pipeline = cls(spec, documents[1] if len(documents) == 2 else {})
        check_spec(pipeline.spec, pipeline.platform)
        return pipeline

    @property
    def name(self) -> str:
        return self.spec["pipelineInfo"]["name"]

    @property
    def root(self) -> str:
        """Where its artifacts go; what an installation has for a default, if it does not say."""
        return self.spec.get("defaultPipelineRoot", DEFAULT_ROOT).rstrip("/")

    @property
    def tasks(self) -> dict[str, dict[str, Any]]:
        return self.spec["root"]["dag"]["tasks"]

    def component(self, task: str) -> dict[str, Any]:
        return self.spec["components"][self.tasks[task]["componentRef"]["name"]]

    def executor(self, task: str) -> dict[str, Any]:
        """Holds either `container` or `importer`."""
        return self.spec["deploymentSpec"]["executors"][self.component(task)["executorLabel"]]

    def kubernetes(self, task: str) -> dict[str, Any]:
        """A task's `KubernetesExecutorConfig`."""
        executors = self.platform.get("platforms", {}).get("kubernetes", {}).get("deploymentSpec", {})
        return executors.get("executors", {}).get(self.component(task)["executorLabel"], {})
