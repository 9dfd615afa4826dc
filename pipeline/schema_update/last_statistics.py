"""The statistics of the last data that a run has looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from ml_metadata.proto import metadata_store_pb2
from tensorflow_metadata.proto.v0 import statistics_pb2
from tfx.components.statistics_gen.stats_artifact_utils import load_statistics
from tfx.orchestration import metadata
from tfx.types import artifact_utils

from components.anomaly_guard.kept_statistics import KEPT_STATISTICS, KeptStatistics
from components.anomaly_guard.properties import TRAIN
from components.anomaly_guard.statistics_digest import statistics_digest
from pipeline.execution_artifacts import execution_artifacts
from pipeline.past_runs import STORE
from schema.user_error import UserError

_STATISTICS_GEN = "tfx.components.statistics_gen.component.StatisticsGen"
_ENDED = (metadata_store_pb2.Execution.COMPLETE, metadata_store_pb2.Execution.CACHED)


_Statistics: TypeAlias = statistics_pb2.DatasetFeatureStatisticsList


def last_statistics(run_dir: Path) -> tuple[dict[str, _Statistics], _Statistics | None]:
    """What the last StatisticsGen that ended has made, whatever became of its run.

    Returns:
        The statistics by split, and those of the earlier data that drift is measured against, if there is any.

    Raises:
        UserError: the folder is not one of a run, none came that far, or the statistics are gone.
    """
    path = run_dir / STORE
    if not path.is_file():
        raise UserError(f"{run_dir} is no run: it has no {STORE}; start one with segpipe run first")
    with metadata.Metadata(metadata.sqlite_metadata_connection_config(str(path))) as handle:
        executions = handle.store.get_executions_by_type(_STATISTICS_GEN)
        ended = [execution for execution in executions if execution.last_known_state in _ENDED]
        if not ended:
            raise UserError(f"{run_dir} has no statistics of data yet: no run came to StatisticsGen's end")
        last = max(ended, key=lambda execution: execution.id)
        statistics = execution_artifacts(handle.store, last)["statistics"]
    if not Path(statistics.uri).is_dir():
        raise UserError(f"the statistics of the last run are no longer at {statistics.uri}; run the pipeline again")
    splits = artifact_utils.decode_split_names(statistics.split_names)
    loaded = {split: load_statistics(statistics, split).proto() for split in splits}
    kept = KeptStatistics(str(run_dir / KEPT_STATISTICS))
    earlier = kept.newest(other_than=statistics_digest(loaded[TRAIN]))
    return loaded, kept.read(earlier) if earlier else None
