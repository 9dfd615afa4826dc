"""kfp's client, connected."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import kfp
from kfp.client.token_credentials_base import TokenCredentialsBase

from kubeflow.submission.guarded_client import GuardedClient
from schema.user_error import UserError

HOST, UI_HOST = "KF_PIPELINES_ENDPOINT", "KF_PIPELINES_UI_ENDPOINT"  # kfp's own names
NAMESPACE = "KFP_NAMESPACE"


@dataclass(frozen=True)
class Connection:
    """A server that answers."""

    client: kfp.Client
    namespace: str | None  # None: the installation is of one user
    ui: str  # where people see its runs

    def link(self, run_id: str) -> str:
        """The page of a run."""
        return f"{self.ui}/#/runs/details/{run_id}"


def connect(host: str | None, namespace: str | None, token: Callable[[], str] | None) -> Connection:
    """Connects, and sees whether somebody answers.

    Args:
        host: the server; by default the value of `KF_PIPELINES_ENDPOINT`.
        namespace: of the user, where the installation has several; by default the value of `KFP_NAMESPACE`.
        token: gives the token, where the server asks for one.

    Raises:
        UserError: there is no host, or a namespace is needed.
        ServerError: it cannot be reached, refuses, or is something else.
    """
    host = _checked(host or os.environ.get(HOST))
    with redirect_stdout(io.StringIO()):
        client = _Client(
            host=host,
            namespace=namespace or os.environ.get(NAMESPACE) or "kubeflow",  # which kfp takes for none
            credentials=_Credentials(token) if token else None,
            ssl_ca_cert=os.environ.get("SSL_CERT_FILE"),
        )
    several = client.get_kfp_healthz().multi_user
    own = namespace or os.environ.get(NAMESPACE) or client.get_user_namespace()
    if several and not own:
        raise UserError(
            f"{host} is of several users: say whose namespace with --namespace, or the variable {NAMESPACE}"
        )
    return Connection(client, own if several else None, os.environ.get(UI_HOST, host).rstrip("/"))


def _checked(host: str | None) -> str:
    if not host:
        raise UserError(f"where is Kubeflow Pipelines? give --host URL, or set the variable {HOST}")
    host = (host if "://" in host else f"https://{host}").rstrip("/")
    parts = urlsplit(host)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise UserError(f"--host should be an http:// or https:// address, got {host}")
    if "@" in parts.netloc:
        raise UserError("--host has a password in it, which would be shown; give a token instead")
    return host


class _Client(kfp.Client):
    """Asks through a `GuardedClient`; kfp's own asks a server that is not well five times, with stack traces."""

    def get_kfp_healthz(self, sleep_duration: int = 5) -> Any:
        api = self._healthz_api.api_client
        if not isinstance(api.rest_client, GuardedClient):
            api.rest_client = GuardedClient(api.rest_client, api.configuration.host)
        return super().get_kfp_healthz(sleep_duration)


class _Credentials(TokenCredentialsBase):
    """Asks for the token before every request."""

    def __init__(self, token: Callable[[], str]) -> None:
        self._token = token

    def refresh_api_key_hook(self, config: Any) -> None:
        config.api_key["authorization"] = self._token()
