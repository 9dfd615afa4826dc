"""Makes the loss of a pushed model a part of the Pusher's cache key."""

from __future__ import annotations

from tfx.dsl.io import fileio
from tfx.orchestration.portable import data_types
from tfx.types import standard_artifacts
from tfx.types import standard_component_specs as keys

from components.cache_key_driver import CacheKeyDriver
from components.pusher.properties import LOST, MODEL_URI, PUSHED_DESTINATION


class Driver(CacheKeyDriver):
    """A candidate whose pushed version was removed is pushed again."""

    def cache_key(self, execution_info: data_types.ExecutionInfo) -> dict[str, str]:
        (model,) = execution_info.input_dict[keys.MODEL_KEY]
        with self._mlmd_connection as metadata:
            pushes = metadata.store.get_artifacts_by_type(standard_artifacts.PushedModel.TYPE_NAME)
        own = [push.custom_properties for push in pushes if push.custom_properties[MODEL_URI].string_value == model.uri]
        lost = {push[PUSHED_DESTINATION].string_value for push in own}
        return {LOST: " ".join(sorted(path for path in lost if not fileio.exists(path))) or "nothing"}
