import math

import pytest

from components.report.histogram import Histogram, histogram


def test_counts_and_moments():
    shown = histogram([0.0, 0.04, 0.5, 1.0, math.nan])
    assert shown == Histogram(
        counts=[2, *[0] * 9, 1, *[0] * 8, 1],
        images=4,
        void=1,
        mean=pytest.approx(0.385),
        std=pytest.approx(math.sqrt((0.385**2 + 0.345**2 + 0.115**2 + 0.615**2) / 4)),
        median=pytest.approx(0.27),
    )


@pytest.mark.parametrize("scores", [[], [math.nan]])
def test_no_score(scores):
    assert histogram(scores) is None
