"""A warning about our own code fails the test that meets it; what others say among themselves does not."""

import warnings

import pytest

from tests.conftest import ROOT


def _warn(category: type[Warning], module: str) -> None:
    """As Python does when code of that module warns, or calls what warns its caller."""
    warnings.warn_explicit("planted", category, f"{module}.py", 1, module=module)


@pytest.mark.parametrize("category", [DeprecationWarning, FutureWarning, ResourceWarning, RuntimeWarning, UserWarning])
@pytest.mark.parametrize("module", ["components.gate.decide", "models", "tests.test_warnings"])
def test_of_our_own_code_it_is_an_error(category, module):
    with pytest.raises(category, match="planted"):
        _warn(category, module)


def test_this_very_file_is_ours():
    with pytest.raises(UserWarning, match="planted"):
        warnings.warn("planted", UserWarning, stacklevel=1)


def test_every_package_is_ours():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {"benchmarks"}
    assert {"components", "models", "tests"} < packages
    for package in packages:
        with pytest.raises(UserWarning):
            _warn(UserWarning, f"{package}.some.module")


@pytest.mark.parametrize("module", ["httplib2.auth", "tensorflow_models", "google.api_core.pipeline"])
def test_what_others_deprecate_is_theirs(module):
    with warnings.catch_warnings(record=True) as shown:
        for category in (DeprecationWarning, FutureWarning):
            _warn(category, module)
        assert not shown
        _warn(UserWarning, module)
    assert [warning.category for warning in shown] == [UserWarning]
