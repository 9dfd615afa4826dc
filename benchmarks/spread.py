"""How a figure differs over repeats."""

import statistics
from collections.abc import Sequence


def spread(values: Sequence[float]) -> str:
    """The median, with the least and the greatest behind it."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"
