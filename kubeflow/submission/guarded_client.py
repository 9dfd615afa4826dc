"""What kfp's client says to a server goes through here: in time, in JSON, and with errors in plain words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from kfp_server_api.exceptions import ApiException
from urllib3.exceptions import HTTPError

from kubeflow.submission.server_error import ServerError

_SECONDS = (10, 60)  # to connect, to answer; kfp itself waits for ever
_LOGIN = "give a valid token: --token-file FILE, or the variable KFP_EXISTING_TOKEN"
_LENGTH = 300


class GuardedClient:
    """Stands in for the `rest_client` of kfp's API client.

    Whatever is asked raises ServerError where the server cannot be reached, refuses, or answers with a web page.

    Args:
        client: what it stands in for.
        host: the server, as the user knows it.
    """

    def __init__(self, client: Any, host: str) -> None:
        self._client = client
        self._host = host

    def __getattr__(self, method: str) -> Callable[..., Any]:
        ask = getattr(self._client, method)

        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                answer = ask(*args, **{**kwargs, "_request_timeout": _SECONDS})
            except ApiException as error:
                raise _refusal(self._host, error) from None
            except HTTPError as error:
                line = f"{self._host} cannot be reached: {_reason(error)}; is --host right, and the way there open?"
                raise ServerError(line, passing=True) from None
            kind = answer.getheader("Content-Type") or "nothing"
            if "json" not in kind:
                line = f"{self._host} answers with {kind.partition(';')[0]}, as a login page does"
                raise ServerError(f"{line}; {_LOGIN}; or give --host the address of the API itself")
            return answer

        return guarded


def _refusal(host: str, error: ApiException) -> ServerError:
    said = f": {message}" if (message := _message(error)) else ""
    match error.status:
        case 401:
            return ServerError(f"{host} knows no such token, or it has expired (401){said}; {_LOGIN}")
        case 403:
            return ServerError(
                f"{host} does not allow it (403){said}; is --namespace right, and the token of its user?"
            )
        case 404:
            return ServerError(f"{host} has no such thing (404){said}; is --host the address of Kubeflow Pipelines 2?")
        case status:
            passing = status == 429 or status >= 500
            return ServerError(f"{host} refuses ({status} {error.reason}){said}", passing=passing)


def _message(error: ApiException) -> str:
    """What the server says, on one line."""
    try:
        body = json.loads(error.body)
        text = body.get("message") or body.get("error_details") or body.get("error_message") or ""
    except (TypeError, ValueError, AttributeError):
        return ""
    text = " ".join(re.sub(r"[^ -~\u00a0-\uffff]", " ", str(text)).split())
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH]} …"


def _reason(error: BaseException) -> str:
    """What the operating system said; urllib3 wraps it in errors of its own, with names of objects."""
    while not isinstance(error, OSError):
        wrapped = (getattr(error, "reason", None), *error.args, error.__cause__, error.__context__)
        inner = next((part for part in wrapped if isinstance(part, BaseException)), None)
        if inner is None:
            break
        error = inner
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
