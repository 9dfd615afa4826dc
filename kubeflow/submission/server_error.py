"""What goes wrong between us and a Kubeflow Pipelines server."""

from __future__ import annotations

from schema.user_error import UserError


class ServerError(UserError):
    """A server that cannot be reached, refuses, or answers with something else.

    Args:
        message: as for `UserError`.
        passing: whether the same may well succeed a little later.
    """

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing
