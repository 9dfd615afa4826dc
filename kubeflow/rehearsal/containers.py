"""Tasks as containers of this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kubeflow.rehearsal.scratch import FOLDER_NAMES, Scratch
from schema.user_error import UserError


class Containers:
    """One container a task, of the image that the pipeline names.

    Args:
        engine: `docker` or `podman`, or a path to one.
        folder: for scratch files.
        mounts: a folder of this machine for each volume claim.
        image: in the place of the pipeline's.
    """

    def __init__(self, engine: str, folder: Path, mounts: Mapping[str, Path], image: str | None = None) -> None:
        self.scratch = Scratch(folder, "/")
        self._engine = engine
        self._mounts = mounts
        self._image = image

    def check(self, name: str, kubernetes: Mapping[str, Any]) -> None:
        """Raises UserError when a volume of the task is not to be had."""
        for volume in kubernetes.get("pvcMount", ()):
            claim = volume["constant"]
            if claim not in self._mounts:
                raise UserError(f"{name} needs the volume {claim}: say which folder it is, as --mount {claim}=FOLDER")
            if not self._mounts[claim].is_dir():
                raise UserError(f"--mount {claim}={self._mounts[claim]}: there is no such folder")

    def command(self, container: Mapping[str, Any], kubernetes: Mapping[str, Any], words: Sequence[str]) -> list[str]:
        """The command line that executes `words`."""
        program, *arguments = words
        folders = [(self.scratch.folder / name, f"/{name}") for name in FOLDER_NAMES]
        volumes = [(self._mounts[volume["constant"]], volume["mountPath"]) for volume in kubernetes.get("pvcMount", ())]
        variables = [f"{variable['name']}={variable['value']}" for variable in container.get("env", ())]
        secrets = [key["envVar"] for secret in kubernetes.get("secretAsEnv", ()) for key in secret["keyToEnv"]]
        return [
            *(self._engine, "run", "--rm"),
            *self._user(),
            *(f"--volume={folder.absolute()}:{path}" for folder, path in (*folders, *volumes)),
            *(f"--env={variable}" for variable in (*variables, *secrets)),  # a bare name takes our own value
            f"--entrypoint={program}",
            self._image or container["image"],
            *arguments,
        ]

    def environment(self, container: Mapping[str, Any]) -> dict[str, str]:
        """Of the process that executes the command line."""
        return dict(os.environ)

    def _user(self) -> list[str]:
        """Us, so that we can remove what the task has written; root can in any case."""
        if os.getuid() == 0:
            return []
        return ["--userns=keep-id"] if "podman" in Path(self._engine).name else [f"--user={os.getuid()}:{os.getgid()}"]
