import pytest

from datasets.read_list import read_list
from schema.user_error import UserError


def test_a_name_a_line_each_once(tmp_path):
    path = tmp_path / "train.txt"
    path.write_bytes(b"\xef\xbb\xbfb\r\n\r\n  a \nb\nc")
    assert read_list(path) == ["b", "a", "c"]


def test_an_unreadable_list_is_named(tmp_path):
    with pytest.raises(UserError, match=r"none\.txt: cannot read the list of images"):
        read_list(tmp_path / "none.txt")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match=r"binary\.txt: cannot read the list of images"):
        read_list(tmp_path / "binary.txt")
