import math
from itertools import chain

import pytest

from components.report.choose import choose


def _chosen(scores, count) -> list[list[int]]:
    groups = choose(scores, count)
    assert list(groups) == ["good", "average", "failed"]
    return list(groups.values())


def test_best_median_and_worst_from_the_best_down():
    scores = [0.5, 0.9, 0.1, 0.7, 0.3, 1.0, 0.0, 0.6, 0.4]  # ranked: 5 1 3 7 0 8 4 2 6
    assert _chosen(scores, 3) == [[5], [0], [6]]
    assert _chosen(scores, 5) == [[5, 1], [0], [2, 6]]
    assert _chosen(scores, 8) == [[5, 1, 3], [7, 0], [4, 2, 6]]


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, (0, 0, 0)), (1, (1, 0, 0)), (2, (1, 0, 1)), (4, (2, 1, 1)), (7, (3, 2, 2)), (9, (3, 3, 3))]
)
def test_thirds(count, sizes):
    assert tuple(map(len, _chosen([at / 100 for at in range(100)], count))) == sizes


@pytest.mark.parametrize("images", range(12))
@pytest.mark.parametrize("count", range(12))
def test_none_twice_and_in_order(images, count):
    chosen = list(chain(*_chosen([at / 12 for at in range(images)], count)))
    assert chosen == sorted(set(chosen), reverse=True)
    assert len(chosen) == min(images, count)


def test_equal_scores_keep_the_order_of_the_images():
    assert _chosen([0.5] * 6, 6) == [[0, 1], [2, 3], [4, 5]]


def test_undefined_scores_are_left_out():
    assert _chosen([math.nan, 0.2, math.nan, 0.8], 6) == [[3], [], [1]]
    assert _chosen([math.nan] * 3, 3) == [[], [], []]
    assert _chosen([], 3) == [[], [], []]
