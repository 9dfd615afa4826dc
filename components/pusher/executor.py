"""TFX's push, made atomic."""

from __future__ import annotations

from typing import Any

from google.protobuf import json_format
from tfx.components.pusher import executor as tfx_executor
from tfx.dsl.io import fileio
from tfx.proto import pusher_pb2
from tfx.types import standard_component_specs as keys

from components.pushed_models.find_pushed import find_pushed
from components.pushed_models.is_copy import is_copy
from components.pusher.properties import MODEL_URI, PUSHED, PUSHED_DESTINATION, PUSHED_VERSION


class Executor(tfx_executor.Executor):
    """Copies into a folder no server looks at, then renames it to the version."""

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        destination = json_format.Parse(exec_properties[keys.PUSH_DESTINATION_KEY], pusher_pb2.PushDestination())
        base = destination.filesystem.base_directory
        (model,), (pushed_model,) = input_dict[keys.MODEL_KEY], output_dict[keys.PUSHED_MODEL_KEY]
        newest = find_pushed(base)
        if self.CheckBlessing(input_dict) and newest and is_copy(newest, self.GetModelPath(input_dict)):
            self._MarkPushed(pushed_model, pushed_destination=newest, pushed_version=newest.rsplit("/", 1)[-1])
        else:
            self._push(base, destination, input_dict, output_dict, exec_properties)
        if pushed_model.get_int_custom_property(PUSHED):
            pushed_model.set_string_custom_property(MODEL_URI, model.uri)

    def _push(
        self,
        base: str,
        destination: pusher_pb2.PushDestination,
        input_dict: dict,
        output_dict: dict,
        exec_properties: dict[str, Any],
    ) -> None:
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
