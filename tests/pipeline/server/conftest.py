"""Small models that were exported for real, once for all tests here."""

from pathlib import Path

import pytest

from tests.models.exported_model import exported_model


@pytest.fixture(scope="session")
def exported(tmp_path_factory) -> Path:
    return exported_model(tmp_path_factory.mktemp("exported") / "100")


@pytest.fixture(scope="session")
def exported_later(tmp_path_factory) -> Path:
    """Another one."""
    return exported_model(tmp_path_factory.mktemp("exported") / "200", seed=1)
