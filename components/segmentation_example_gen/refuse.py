"""Stops a run whose data is not good enough."""

from __future__ import annotations

from typing import Any

from schema.user_error import UserError


def refuse(summary: dict[str, Any], folder: str, max_bad_fraction: float) -> None:
    """Looks at each split by itself.

    Args:
        summary: what `read_summary` describes.
        folder: the data's.
        max_bad_fraction: the share of a split's records that may be bad.

    Raises:
        UserError: too many records of a split are bad, or it has none that is good.
    """
    for split, told in sorted(summary["splits"].items(), reverse=True):
        records = told["good"] + told["bad"]
        if not records:
            raise UserError(f"split {split} is empty: its files in {folder} hold no record; write them again")
        if told["bad"] > max_bad_fraction * records:
            raise UserError(_too_many(split, told, folder, max_bad_fraction))
        if not told["good"]:
            raise UserError(f"split {split} has no good record left:\n{_listed(told, folder)}")


def _too_many(split: str, told: dict[str, Any], folder: str, allowed: float) -> str:
    bad, records = told["bad"], told["good"] + told["bad"]
    return (
        f"{bad} of {records} records of split {split} are bad, data.max_bad_fraction allows {allowed:g} of them:\n"
        f"{_listed(told, folder)}\n"
        "mend these records or take them out; to have a run set bad records aside and go on, give "
        f"data.max_bad_fraction the share that may be bad (here {bad / records:.2g})"
    )


def _listed(told: dict[str, Any], folder: str) -> str:
    lines = [f"  {folder}/{file}, record {position}: {reason}" for file, position, reason in told["examples"]]
    more = told["bad"] - len(lines)
    if more:
        counts = ", ".join(f"{count} × {reason}" for reason, count in sorted(told["reasons"].items()))
        lines.append(f"  and {more} more; of all: {counts}")
    return "\n".join(lines)
