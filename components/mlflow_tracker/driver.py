"""Makes earlier failures a part of the tracker's cache key."""

from __future__ import annotations

from itertools import takewhile

from tfx.orchestration.portable import data_types

from components.cache_key_driver import CacheKeyDriver
from components.mlflow_tracker.mlflow_run import MlflowRun
from components.mlflow_tracker.properties import FAILURES, REPORT, SETTINGS, SUBJECT, TRACKED
from components.mlflow_tracker.subject import subject


class Driver(CacheKeyDriver):
    """What could not be logged is tried again in the next run, and what was logged never is.

    Each failure counts, so the next attempt has a key of its own. What came after the first success does not: the key
    under which it succeeded stays, whether the server still answers or not.
    """

    def cache_key(self, execution_info: data_types.ExecutionInfo) -> dict[str, str]:
        (report,) = execution_info.input_dict[REPORT]
        wanted = subject(report.uri, execution_info.exec_properties[SETTINGS])
        with self._mlmd_connection as metadata:
            attempts = metadata.store.get_artifacts_by_type(MlflowRun.TYPE_NAME)
        own = [run for run in attempts if run.custom_properties[SUBJECT].string_value == wanted]
        own.sort(key=lambda run: run.id)
        failures = takewhile(lambda run: not run.custom_properties[TRACKED].int_value, own)
        return {FAILURES: str(len(list(failures)))}
