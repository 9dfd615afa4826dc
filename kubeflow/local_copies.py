"""Lets TFX work on the local copies that the launcher of Kubeflow Pipelines makes of artifacts."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from components.origin import STORE_URI
from kubeflow.local_path import local_path


class LocalCopies:
    """One task's artifacts: URIs for the object store, paths for TFX, which opens neither `minio://` nor `s3://`.

    Only the launcher of the open-source backend makes copies. It is known by the file for the output, a plain path:
    where that is a URI, as on Vertex, artifacts are opened where they are.

    Args:
        executor_input: an `ExecutorInput` as a JSON object.
        root: the folder of the copies, `/` on a cluster.
        remote_beam: Beam's workers are elsewhere and see no copies: artifacts on `gs://`, which they can open
            themselves, are left there, and so are TFX's temporary files, which lie beside the file for the output.
    """

    def __init__(self, executor_input: dict[str, Any], root: str = "/", *, remote_beam: bool = False) -> None:
        self.executor_input = copy.deepcopy(executor_input)  # with paths
        self._uris: dict[str, str] = {}  # by path
        outputs = self.executor_input["outputs"]
        if "://" in outputs["outputFile"]:
            return
        for part in ("inputs", "outputs"):
            for artifact in _artifacts(self.executor_input.get(part, {})):
                uri = artifact.get("uri", "")
                path = local_path(uri, root)
                if path is None:
                    continue
                if remote_beam and uri.startswith("gs://"):
                    if part == "outputs":
                        outputs["outputFile"] = f"{uri.rpartition('/')[0]}/output_metadata.json"
                    continue
                self._uris[path] = uri
                artifact["uri"] = path
                if part == "inputs":
                    artifact.setdefault("metadata", {})[STORE_URI] = uri

    def make_folders(self) -> None:
        """Makes the folders of the output artifacts, as TFX's own launcher would; Kubeflow's makes their parents."""
        for artifact in _artifacts(self.executor_input["outputs"]):
            if artifact.get("uri") in self._uris:
                Path(artifact["uri"]).mkdir(parents=True, exist_ok=True)

    def restore(self, executor_output: dict[str, Any]) -> dict[str, Any]:
        """An `ExecutorOutput` for the object store: with URIs for paths, in the artifacts' properties too."""
        restored = copy.deepcopy(executor_output)
        for artifact in _artifacts(restored):
            artifact["uri"] = self._uri(artifact["uri"])
            for name, value in artifact.get("metadata", {}).items():
                if isinstance(value, str):
                    artifact["metadata"][name] = self._uri(value)
        return restored

    def _uri(self, text: str) -> str:
        """Of an artifact or of what is in it; any other text as it is."""
        for path, uri in self._uris.items():
            if f"{text}/".startswith(f"{path}/"):
                return uri + text[len(path) :]
        return text


def _artifacts(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for found in part.get("artifacts", {}).values():
        yield from found.get("artifacts", [])
