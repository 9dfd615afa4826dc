"""Reads what SegmentationExampleGen says of the examples it has made."""

from __future__ import annotations

import json

from tfx.dsl.io import fileio

FILE_NAME = "summary.json"


def read_summary(examples_uri: str) -> dict:
    """By split, under `splits`, what `SplitSummary` describes.

    Args:
        examples_uri: of the Examples artifact.
    """
    with fileio.open(f"{examples_uri}/{FILE_NAME}", "r") as file:
        return json.loads(file.read())
