"""Makes what the data is compared with a part of the guard's cache key."""

from __future__ import annotations

from tfx.components.statistics_gen.stats_artifact_utils import load_statistics
from tfx.orchestration.portable import data_types

from components.anomaly_guard.kept_statistics import KeptStatistics
from components.anomaly_guard.properties import COMPARED_WITH, KEPT, STATISTICS, TRAIN
from components.anomaly_guard.statistics_digest import statistics_digest
from components.cache_key_driver import CacheKeyDriver


class Driver(CacheKeyDriver):
    """Data that passed once is looked at again when other data has passed since. Its own passing changes nothing."""

    def cache_key(self, execution_info: data_types.ExecutionInfo) -> dict[str, str]:
        folder = execution_info.exec_properties.get(KEPT)
        (statistics,) = execution_info.input_dict[STATISTICS]
        own = statistics_digest(load_statistics(statistics, TRAIN).proto())
        return {COMPARED_WITH: (KeptStatistics(folder).newest(other_than=own) if folder else None) or "nothing"}
