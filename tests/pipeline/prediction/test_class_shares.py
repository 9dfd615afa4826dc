"""The table of class shares."""

import numpy as np
import pytest

from pipeline.prediction.class_shares import class_shares
from pipeline.prediction.shares_row import shares_row
from schema.user_error import UserError
from tests.components.report.fake_model import LABEL_MAP

MASK = np.array([[0, 2], [2, 2]], np.uint8)


def test_shares_add_up_and_awkward_names_are_quoted(tmp_path):
    path = tmp_path / "new" / "shares.csv"
    with class_shares(path, LABEL_MAP) as add:
        add(shares_row('a,"b', MASK, LABEL_MAP))
        assert not path.exists()
    assert path.read_text() == 'image,height,width,dark,grey,bright\n"a,""b",2,2,0.250000,0.000000,0.750000\n'


def test_what_was_there_stays_where_it_fails(tmp_path):
    path = tmp_path / "shares.csv"
    path.write_text("before")
    with pytest.raises(KeyboardInterrupt), class_shares(path, LABEL_MAP) as add:
        add(shares_row("a", MASK, LABEL_MAP))
        raise KeyboardInterrupt
    assert path.read_text() == "before" and list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_is_named(tmp_path):
    (tmp_path / "out").write_text("")
    with (
        pytest.raises(UserError, match=r"out/shares\.csv: cannot write"),
        class_shares(tmp_path / "out" / "shares.csv", LABEL_MAP),
    ):
        pass
