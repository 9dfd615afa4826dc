import pytest

from components.report.heat_map import heat_map

NAMES = ("sky", "road", "car")


def _texts(matrix, names=NAMES):
    return [[cell and cell.text for cell in cells] for _, cells in heat_map(matrix, names).rows]


def test_rows_are_shares_of_their_class():
    shown = heat_map([[30, 10, 0, 0], [0, 8, 0, 0], [0, 0, 0, 0]], NAMES)
    assert shown.columns == list(NAMES)
    assert [name for name, _ in shown.rows] == list(NAMES)
    assert [[cell and cell.share for cell in cells] for _, cells in shown.rows] == [
        [0.75, 0.25, None],
        [None, 1.0, None],
        [None, None, None],
    ]
    assert shown.rows[0][1][1].title == "sky predicted as road: 10 of 40 pixels, 25.00%"


def test_nothing_has_a_column_where_it_was_predicted():
    shown = heat_map([[0, 0, 0, 0], [0, 1500, 0, 500], [0, 0, 0, 0]], NAMES)
    assert shown.columns[-1] == "nothing"
    assert shown.rows[1][1][3].title == "road predicted as nothing: 500 of 2,000 pixels, 25.00%"


def test_all_and_nothing_are_exact():
    assert _texts([[9999, 1, 0, 0], [0, 5, 0, 0], [1, 99, 0, 0]]) == [
        ["99", "<1", None],
        [None, "100", None],
        ["1", "99", None],
    ]


@pytest.mark.parametrize(("classes", "written"), [(25, True), (26, False)])
def test_many_classes_have_no_figures(classes, written):
    matrix = [[5] * (classes + 1)] * classes
    shown = heat_map(matrix, [str(index) for index in range(classes)])
    assert shown.written is written
    assert bool(shown.rows[0][1][0].text) is written
    assert shown.rows[0][1][0].title


@pytest.mark.parametrize("matrix", [[[1, 2, 3]] * 3, [[1, 2, 3, 4]] * 2])
def test_another_shape(matrix):
    with pytest.raises(ValueError, match="3 classes"):
        heat_map(matrix, NAMES)
