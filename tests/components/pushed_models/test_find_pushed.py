import pytest

from components.pushed_models.find_pushed import find_pushed


@pytest.fixture
def pushed(tmp_path):
    """A function that makes versions; those said to be half-written lack `saved_model.pb`."""

    def pushed(*names: str, half: tuple[str, ...] = ()) -> str:
        for name in (*names, *half):
            (tmp_path / name / "variables").mkdir(parents=True)
        for name in names:
            (tmp_path / name / "saved_model.pb").touch()
        return str(tmp_path)

    return pushed


def test_nothing_was_pushed_yet(tmp_path, pushed):
    assert find_pushed(str(tmp_path / "missing")) is None
    assert find_pushed(pushed()) is None


def test_a_file_is_no_destination(tmp_path):
    (tmp_path / "file").touch()
    assert find_pushed(str(tmp_path / "file")) is None


def test_the_newest_is_the_largest_number(pushed):
    destination = pushed("9", "10", "2")
    assert find_pushed(destination) == f"{destination}/10"


def test_a_half_written_version_is_passed_over(pushed):
    destination = pushed("9", "10", half=("11", "12"))
    assert find_pushed(destination) == f"{destination}/10"


def test_nothing_whole_is_nothing(pushed):
    assert find_pushed(pushed(half=("11",))) is None


def test_what_is_no_number_is_no_version(pushed):
    destination = pushed("9", ".staging", "10.old", "v11", "-12", "²")
    assert find_pushed(destination) == f"{destination}/9"
