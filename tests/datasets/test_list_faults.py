import pytest

from datasets.list_faults import list_faults


@pytest.mark.parametrize(
    ("number", "lines"),
    [
        (1, ["  f0"]),
        (5, ["  f0", "  f1", "  f2", "  f3", "  f4"]),
        (7, ["  f0", "  f1", "  f2", "  f3", "  f4", "  and 2 more"]),
    ],
)
def test_the_first_few_and_the_number_of_the_others(number, lines):
    assert f"head:{list_faults([f'f{index}' for index in range(number)])}".split("\n") == ["head:", *lines]
