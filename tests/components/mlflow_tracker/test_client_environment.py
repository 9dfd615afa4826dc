import os

import pytest

from components.mlflow_tracker.client_environment import client_environment


def test_no_retries_no_telemetry_and_nothing_is_left_behind(monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "77")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "secret")
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", raising=False)
    before = dict(os.environ)
    with pytest.raises(KeyError), client_environment(3):
        from mlflow.environment_variables import MLFLOW_HTTP_REQUEST_MAX_RETRIES, MLFLOW_HTTP_REQUEST_TIMEOUT
        from mlflow.telemetry.utils import is_telemetry_disabled

        assert (MLFLOW_HTTP_REQUEST_MAX_RETRIES.get(), MLFLOW_HTTP_REQUEST_TIMEOUT.get()) == (0, 3)
        assert is_telemetry_disabled() and os.environ["MLFLOW_TRACKING_TOKEN"] == "secret"
        raise KeyError
    assert dict(os.environ) == before
