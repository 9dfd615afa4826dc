import pytest

from pipeline.write_file import write_file
from schema.user_error import UserError


def test_a_page_replaces_the_one_before_and_folders_are_made(tmp_path):
    path = tmp_path / "new" / "page.html"
    for text in ("old", "größer"):
        write_file(path, text)
    assert path.read_bytes() == "größer".encode()
    assert list(path.parent.iterdir()) == [path]


def test_what_is_in_the_way_is_named(tmp_path):
    path = tmp_path / "page.html"
    path.mkdir()
    with pytest.raises(UserError, match=r"page\.html: cannot write: Is a directory; choose another --out"):
        write_file(path, "text")
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot write"):
        write_file(tmp_path / "file" / "page.html", "text")
