"""The runs that a run's folder remembers, with what they made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from ml_metadata.proto import metadata_store_pb2
from tfx import types
from tfx.orchestration import metadata

from pipeline.execution_artifacts import execution_artifacts
from schema.user_error import UserError

STORE = "metadata.sqlite"
_REPORT = "components.report.component.Report"
_ENDED = (metadata_store_pb2.Execution.COMPLETE, metadata_store_pb2.Execution.CACHED)


@dataclass(frozen=True)
class PastRun:
    """A run that came to its report.

    Args:
        number: from 1, in the order of time.
        ended: when the report was made, UTC.
        cached: whether nothing was new: the report was taken over from an earlier run.
        settings: of the report, as JSON.
        artifacts: what the report was made from, and the `report`, by their names in `components.report`.
    """

    number: int
    ended: datetime
    cached: bool
    settings: str
    artifacts: Mapping[str, types.Artifact]


def past_runs(run_dir: Path) -> list[PastRun]:
    """All runs that came to a report, the oldest first.

    Raises:
        UserError: the folder is not one of a run, or none of its runs has come to a report.
    """
    path = run_dir / STORE
    if not path.is_file():
        raise UserError(f"{run_dir} is no run: it has no {STORE}; name the run_dir of a configuration")
    connection = metadata.sqlite_metadata_connection_config(str(path))
    with metadata.Metadata(connection) as handle:
        store = handle.store
        executions = sorted(store.get_executions_by_type(_REPORT), key=lambda execution: execution.id)
        ended = [execution for execution in executions if execution.last_known_state in _ENDED]
        runs = [_past_run(store, number, execution) for number, execution in enumerate(ended, 1)]
    if not runs:
        raise UserError(f"{run_dir} has no report yet; finish a run with segpipe run first")
    return runs


def find_run(run_dir: Path, number: int | None = None) -> PastRun:
    """One run by its number, the last by default. Raises UserError as `past_runs` does, or when there is none such."""
    runs = past_runs(run_dir)
    if number is None:
        return runs[-1]
    if not 1 <= number <= len(runs):
        raise UserError(f"{run_dir} has no run {number}; it has runs 1 to {len(runs)}")
    return runs[number - 1]


def _past_run(store, number: int, execution: metadata_store_pb2.Execution) -> PastRun:
    return PastRun(
        number=number,
        ended=datetime.fromtimestamp(execution.last_update_time_since_epoch / 1000, timezone.utc),
        cached=execution.last_known_state == metadata_store_pb2.Execution.CACHED,
        settings=execution.custom_properties["settings"].string_value,
        artifacts=execution_artifacts(store, execution),
    )
