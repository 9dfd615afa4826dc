"""Makes what serves now a part of the baseline's cache key."""

from __future__ import annotations

from tfx.orchestration.portable import data_types

from components.baseline.candidate_path import candidate_path
from components.baseline.properties import PUSH_DESTINATION, SERVING_NOW
from components.cache_key_driver import CacheKeyDriver
from components.pushed_models.find_pushed import find_pushed


class Driver(CacheKeyDriver):
    """A candidate that was measured once is measured again when another model has been pushed since.

    Its own push changes nothing. Without a candidate every push is a change.
    """

    def cache_key(self, execution_info: data_types.ExecutionInfo) -> dict[str, str]:
        candidate = candidate_path(execution_info.input_dict)
        pushed = find_pushed(execution_info.exec_properties[PUSH_DESTINATION], other_than=candidate)
        return {SERVING_NOW: pushed or "nothing"}
