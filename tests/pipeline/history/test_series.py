import pytest

from pipeline.history.series import Point, scale, series


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ([], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ([None], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ([0.71, None, 0.75], [0.7, 0.8]),
        ([0.3], [0.2, 0.3]),
        ([0.0], [0.0, 0.1]),
        ([1.0], [0.9, 1.0]),
        ([0.55, 0.95], [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
        ([0.35, 0.95], [0.2, 0.4, 0.6, 0.8, 1.0]),
        ([0.0, 0.85], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ([0.0, 0.7], [0.0, 0.2, 0.4, 0.6, 0.8]),
        ([0.1 + 0.2], [0.2, 0.3]),
    ],
)
def test_a_scale_is_of_even_tenths_around_the_scores(values, lines):
    assert scale(values).lines == lines


def test_a_scale_counts_from_above():
    axis = scale([0.5, 0.7])
    assert [axis.percent(value) for value in (0.7, 0.6, 0.5)] == pytest.approx([0, 50, 100])


def test_a_series_is_broken_where_a_score_is_missing():
    drawn = series([0.5, 0.7, None, 0.6, 0.7], scale([0.5, 0.7]))
    assert [(point.run, point.x) for point in drawn.points] == [(0, 0), (1, 25), (3, 75), (4, 100)]
    assert [point.y for point in drawn.points] == pytest.approx([100, 0, 50, 0])
    assert [(one.run, other.run) for one, other in drawn.lines] == [(0, 1), (3, 4)]


def test_a_lone_run_is_in_the_middle():
    drawn = series([0.8], scale([0.7, 0.8]))
    assert drawn.points == [Point(0, 50.0, 0.0)]
    assert drawn.lines == []


def test_no_scores_no_points():
    assert series([], scale([])).points == []
