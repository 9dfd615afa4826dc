"""Shared fixtures. The real data is looked for in SEGPIPE_REAL_DATA, by default beside the checkout."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

ROOT = Path(__file__).parents[1]
REAL_DATA = Path(os.environ.get("SEGPIPE_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data pieces; tests that need it are marked `realdata`."""
    if not REAL_DATA.is_dir():
        pytest.skip(
            f"no real data at {REAL_DATA}; set SEGPIPE_REAL_DATA to the folder that holds voc/, sbd/ and camvid/"
        )
    return REAL_DATA
