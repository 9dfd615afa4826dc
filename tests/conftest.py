"""Shared fixtures. The real data is looked for in SEGPIPE_REAL_DATA, by default beside the checkout."""

import gc
import os
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
gc.set_threshold(20_000, 20, 50)  # by default, a tenth of the time goes into looking through TensorFlow's objects

ROOT = Path(__file__).parents[1]
REAL_DATA = Path(os.environ.get("SEGPIPE_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """For `--dist loadgroup`: in one group a file, or all files that share a run; what takes longest comes first."""
    shared = {item.path for item in items if "first_run" in getattr(item, "fixturenames", ())}
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    for item in items:
        name = "first_run" if item.path in shared else str(item.path.relative_to(ROOT))
        item.add_marker(pytest.mark.xdist_group(name))
    items.sort(key=lambda item: (item.path not in shared, item.path not in slow))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data pieces; tests that need it are marked `realdata`."""
    if not REAL_DATA.is_dir():
        pytest.skip(
            f"no real data at {REAL_DATA}; set SEGPIPE_REAL_DATA to the folder that holds voc/, sbd/ and camvid/"
        )
    return REAL_DATA
