import pytest

from components.anomaly_guard.statistics_digest import statistics_digest
from tests.components.anomaly_guard.statistics import image, statistics_of


def images(count: int = 40) -> list[dict]:
    return [
        image(f"{index}.jpg", classes=(0, 1 + index % 3), image_height=100 + index**2 % 17, void_fraction=index / 1000)
        for index in range(count)
    ]


def test_the_order_of_the_records_changes_nothing():
    shuffled = [each for step in (3, 1, 0, 2) for each in images()[step::4]]
    assert statistics_digest(statistics_of(shuffled)) == statistics_digest(statistics_of(images()))


@pytest.mark.parametrize(
    "other",
    [
        {"name": "other name.jpg"},
        {"classes": (0, 2)},
        {"image_height": 101},
        {"void_fraction": 0.25},
        {"image_source": b"field"},
        {"image_encoded": b"more pixels than before"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_one_other_image_is_other_data(other):
    first = {"name": "0.jpg", "classes": (0, 1), "image_height": 100, "void_fraction": 0.0}
    before, after = image(**first), image(**{**first, **other})
    digests = {statistics_digest(statistics_of([each, *images()[1:]])) for each in (before, after)}
    assert len(digests) == 2


def test_one_image_more_is_other_data():
    assert statistics_digest(statistics_of(images(41))) != statistics_digest(statistics_of(images(40)))
