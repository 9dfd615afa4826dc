"""TFX's Pusher, made atomic: a version appears whole or not at all."""

from __future__ import annotations

from typing import Any

from google.protobuf import json_format
from tfx import v1 as tfx
from tfx.components.pusher import executor as tfx_executor
from tfx.dsl.components.base.executor_spec import ExecutorClassSpec
from tfx.dsl.io import fileio
from tfx.proto import pusher_pb2
from tfx.types import standard_component_specs as keys

PUSHED, PUSHED_DESTINATION, PUSHED_VERSION = "pushed", "pushed_destination", "pushed_version"


class Executor(tfx_executor.Executor):
    """Copies into a folder no server looks at, then renames it to the version."""

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        destination = json_format.Parse(exec_properties[keys.PUSH_DESTINATION_KEY], pusher_pb2.PushDestination())
        base = destination.filesystem.base_directory
        staging = f"{base}/.staging"  # not a number, so not a version
        if fileio.exists(staging):  # left by a push that was killed
            fileio.rmtree(staging)
        destination.filesystem.base_directory = staging
        staged = {**exec_properties, keys.PUSH_DESTINATION_KEY: json_format.MessageToJson(destination)}
        try:
            super().Do(input_dict, output_dict, staged)
            (pushed_model,) = output_dict[keys.PUSHED_MODEL_KEY]
            if pushed_model.get_int_custom_property(PUSHED):
                staged_path = pushed_model.get_string_custom_property(PUSHED_DESTINATION)
                version = _next_version(base, int(pushed_model.get_string_custom_property(PUSHED_VERSION)))
                fileio.rename(staged_path, f"{base}/{version}")
                self._MarkPushed(pushed_model, pushed_destination=f"{base}/{version}", pushed_version=str(version))
        finally:
            if fileio.exists(staging):
                fileio.rmtree(staging)


def _next_version(base: str, now: int) -> int:
    """`now`, or one above the highest version when a clock runs behind or two pushes share a second."""
    versions = [int(name.rstrip("/")) for name in fileio.listdir(base) if name.rstrip("/").isdecimal()]
    return max([now, *(version + 1 for version in versions)])


class Pusher(tfx.components.Pusher):
    """Pushes a blessed model to a folder of numbered versions, as TensorFlow Serving expects."""

    EXECUTOR_SPEC = ExecutorClassSpec(Executor)
