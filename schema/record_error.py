"""The exception for one record that cannot be used."""

from __future__ import annotations

from schema.user_error import UserError


class RecordError(UserError):
    """Why a record cannot be used, in one line.

    Args:
        name: what the record is called.
        kind: of fault; the same for all records that have it, so that they can be counted.
        text: the fault of this very record, where there is more to say than `kind`.
    """

    def __init__(self, name: str, kind: str, text: str = "") -> None:
        super().__init__(f"{name}: {text or kind}")
        self.name = name
        self.kind = kind
