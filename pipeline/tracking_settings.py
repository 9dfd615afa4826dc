"""Where else a run is written down: a section of its configuration."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from models.settings import Settings
from schema.user_error import UserError


def _check_server(uri: str) -> str:
    if set("@?#") & set(uri):
        # Not a fault like the others: those repeat the value, and a password should not be seen.
        raise UserError(
            "tracking.mlflow.uri: holds one of @ ? #; give no more than http(s)://host:port/path, and credentials as "
            "the environment's MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
        )
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0 or uri.split() != [uri]:
        raise ValueError("should be the http:// or https:// address of an MLflow server")
    return uri


class MlflowSettings(Settings):
    """The MLflow server that a run is logged to; its client is the extra `mlflow`."""

    uri: Annotated[str, AfterValidator(_check_server)] | None = Field(
        None, description="its address, such as http://localhost:5000; by default nothing is logged"
    )
    experiment: str | None = Field(
        None, min_length=1, max_length=500, description="the experiment's name, by default the run's"
    )
    log_model: bool = Field(True, description="upload the model's files too")


class TrackingSettings(Settings):
    """Where else a run is written down."""

    mlflow: MlflowSettings = MlflowSettings()
