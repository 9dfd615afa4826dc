import pytest

from pipeline.show.reservoir import Reservoir


def chosen(size: int, items) -> list:
    reservoir = Reservoir(size)
    for item in items:
        reservoir.add(item)
    return reservoir.items


@pytest.mark.parametrize(("size", "items"), [(3, [5, 4]), (2, [5, 4]), (0, []), (4, [])])
def test_what_has_room_is_kept_in_its_order(size, items):
    assert chosen(size, items) == items


def test_none_wanted():
    assert chosen(0, range(100)) == []


def test_the_same_ones_every_time_in_their_order():
    first = chosen(5, range(1000))
    assert len(set(first)) == 5
    assert first == sorted(first) == chosen(5, range(1000))


def test_what_comes_late_is_kept_as_often_as_it_should():
    """In streams of 10 to 209 items, of which 5 are kept."""
    kept = sum(length - 1 in chosen(5, range(length)) for length in range(10, 210))
    expected = sum(5 / length for length in range(10, 210))  # 15.6, with a standard deviation below 4
    assert abs(kept - expected) < 12


def test_what_is_kept_is_from_everywhere():
    first, *_, last = chosen(20, range(1000))
    assert first < 200 and last > 800
