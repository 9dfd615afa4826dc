"""What the tests of components share."""

import logging
from collections.abc import Callable

import pytest


@pytest.fixture
def said(caplog) -> Callable[..., list[str]]:
    """A function: what people were told, from a level on. Not by others: Beam's threads log when they like."""
    caplog.set_level(logging.INFO, "segpipe")

    def said(level: int = logging.WARNING) -> list[str]:
        ours = (record for record in caplog.records if record.name.partition(".")[0] == "segpipe")
        return [record.getMessage() for record in ours if record.levelno >= level]

    return said
