"""The shares of the splits, where one set of files is for both."""

from __future__ import annotations

_BUCKETS = 10_000


def hash_buckets(eval_fraction: float) -> tuple[tuple[str, int], ...]:
    """Train's and eval's, for `choose_split`; `eval_fraction` is in 0..1 and rounded to a ten-thousandth."""
    of_eval = round(eval_fraction * _BUCKETS)
    return ("train", _BUCKETS - of_eval), ("eval", of_eval)
