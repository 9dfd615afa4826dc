import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.segmentation_metrics.image_statistics import STATISTICS, image_statistics

RATIOS = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@given(RATIOS)
def test_equal_those_of_the_standard_library(values):
    got = image_statistics(values)
    assert tuple(got) == STATISTICS
    assert got["mean"] == pytest.approx(statistics.fmean(values))
    assert got["std"] == pytest.approx(statistics.pstdev(values), abs=1e-9)
    assert (got["min"], got["max"]) == (min(values), max(values))
    assert got["p50"] == pytest.approx(statistics.median(values))
    if len(values) > 1:
        deciles = statistics.quantiles(values, n=10, method="inclusive")
        assert (got["p10"], got["p90"]) == pytest.approx((deciles[0], deciles[-1]))


@given(RATIOS, st.randoms(use_true_random=False))
def test_order_changes_no_bit(values, random):
    assert image_statistics(random.sample(values, len(values))) == image_statistics(values)


def test_an_image_without_a_value_is_left_out():
    assert image_statistics([math.nan, 0.5, math.nan]) == dict.fromkeys(STATISTICS, 0.5) | {"std": 0}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("values", [[], [math.nan]])
def test_no_values_are_undefined_without_a_warning(values):
    assert np.isnan(list(image_statistics(values).values())).tolist() == [True] * len(STATISTICS)
