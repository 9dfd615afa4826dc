"""Tasks as processes of this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kubeflow.entry_point import ROOT_VARIABLE
from kubeflow.rehearsal.scratch import Scratch
from schema.user_error import UserError


class ThisMachine:
    """Has this Python in the place of the image's; volumes have to be where the tasks expect them.

    Args:
        folder: for scratch files.
    """

    def __init__(self, folder: Path) -> None:
        self.scratch = Scratch(folder, str(folder))

    def check(self, name: str, kubernetes: Mapping[str, Any]) -> None:
        """Raises UserError when a volume of the task is not to be had."""
        for volume in kubernetes.get("pvcMount", ()):
            if not Path(volume["mountPath"]).is_dir():
                raise UserError(
                    f"{name} needs the volume {volume['constant']} at {volume['mountPath']}, and there is no such "
                    f"folder on this machine: make it, or rehearse with --container and --mount"
                )

    def command(self, container: Mapping[str, Any], kubernetes: Mapping[str, Any], words: Sequence[str]) -> list[str]:
        """The command line that executes `words`."""
        program, *arguments = words
        return [sys.executable if program in ("python", "python3") else program, *arguments]

    def environment(self, container: Mapping[str, Any]) -> dict[str, str]:
        """Of the process that executes the command line."""
        own = {variable["name"]: variable["value"] for variable in container.get("env", ())}
        return {**os.environ, **own, ROOT_VARIABLE: self.scratch.root}
