"""Many faults in one message."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 5


def list_faults(faults: Sequence[str]) -> str:
    """The first few, a line each, and the number of the others; to be put behind a heading."""
    shown = "".join(f"\n  {fault}" for fault in faults[:_SHOWN])
    return f"{shown}\n  and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else shown
