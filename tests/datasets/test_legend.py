import numpy as np
import pytest

from datasets.legend import Legend
from schema.label_map import LabelMap
from schema.user_error import UserError

LABEL_MAP = LabelMap(names=("road", "car"), colors=((1, 2, 3), (0, 0, 142)), ids=(7, 26), void_id=0)


def test_ids_that_stand_for_something():
    table = Legend(LABEL_MAP, void_ids=(1, 300, 0)).by_id
    assert table.shape == (2**16,)
    assert {int(id_): int(table[id_]) for id_ in np.flatnonzero(table != -1)} == {0: 255, 1: 255, 7: 0, 26: 1, 300: 255}


def test_colours_that_stand_for_something():
    assert list(Legend(LABEL_MAP, void_colors=((0, 1, 0), (0, 0, 0))).by_color.items()) == [
        (0x000000, 255),
        (0x00008E, 1),
        (0x000100, 255),
        (0x010203, 0),
    ]


@pytest.mark.parametrize(
    ("ids", "message"),
    [((26,), "id 26 cannot be void: the label map has it as class car"), ((70_000,), r"0\.\.65535, got 70000")],
)
def test_impossible_void_ids_are_refused(ids, message):
    with pytest.raises(UserError, match=message):
        Legend(LABEL_MAP, void_ids=ids)


def test_a_colour_of_two_meanings_is_refused_where_colours_count():
    with pytest.raises(UserError, match=r"colour 1,2,3 is road and void"):
        _ = Legend(LABEL_MAP, void_colors=((1, 2, 3),)).by_color
    same = Legend(LabelMap(names=("a", "b"), colors=((9, 9, 9), (9, 9, 9))))
    assert same.by_id[1] == 1
    with pytest.raises(UserError, match=r"colour 9,9,9 is a and b"):
        _ = same.by_color
