"""Makes what serves now a part of the baseline's cache key."""

from __future__ import annotations

from tfx.orchestration.portable import data_types
from tfx.utils import path_utils

from components.baseline.properties import MODEL, PUSH_DESTINATION, SERVING_NOW
from components.cache_key_driver import CacheKeyDriver
from components.pushed_models.find_pushed import find_pushed


class Driver(CacheKeyDriver):
    """A candidate that was measured once is measured again when another model has been pushed since.

    Its own push changes nothing.
    """

    def cache_key(self, execution_info: data_types.ExecutionInfo) -> dict[str, str]:
        (model,) = execution_info.input_dict[MODEL]
        candidate = path_utils.serving_model_path(model.uri, path_utils.is_old_model_artifact(model))
        pushed = find_pushed(execution_info.exec_properties[PUSH_DESTINATION], other_than=candidate)
        return {SERVING_NOW: pushed or "nothing"}
