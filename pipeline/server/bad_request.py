"""A request that is not answered with a mask, for a reason that lies with the client."""

from __future__ import annotations


class BadRequestError(Exception):
    """Args:
    status: of HTTP, 4xx.
    message: what was expected, as the client is told.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
