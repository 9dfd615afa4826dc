from __future__ import annotations

import shutil

import pytest

from pipeline.replace_folder import replace_folder


@pytest.fixture
def folders(tmp_path):
    source, destination = tmp_path / "source", tmp_path / "report"
    (source / "inner").mkdir(parents=True)
    (source / "inner" / "new.txt").write_text("new")
    return source, destination


def content(folder) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_first_copy(folders):
    source, destination = folders
    replace_folder(source, destination)
    assert content(destination) == content(source) == {"inner/new.txt": "new"}


def test_nothing_of_the_old_stays(folders):
    source, destination = folders
    destination.mkdir()
    (destination / "old.txt").write_text("old")
    replace_folder(source, destination)
    assert content(destination) == {"inner/new.txt": "new"}
    assert sorted(path.name for path in destination.parent.iterdir()) == ["report", "source"]


def test_a_copy_that_breaks_off_leaves_the_old_and_the_next_one_works(folders, monkeypatch):
    source, destination = folders
    destination.mkdir()
    (destination / "old.txt").write_text("old")

    def break_off(_, new):
        new.mkdir()
        (new / "half.txt").write_text("ha")
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copytree", break_off)
        with pytest.raises(OSError, match="no space left"):
            replace_folder(source, destination)
    assert content(destination) == {"old.txt": "old"}

    replace_folder(source, destination)
    assert content(destination) == {"inner/new.txt": "new"}


def test_an_interruption_between_the_two_renames_is_mended(folders):
    source, destination = folders
    old = destination.with_name(".report.old")
    old.mkdir()
    (old / "old.txt").write_text("old")
    replace_folder(source, destination)
    assert content(destination) == {"inner/new.txt": "new"}
    assert not old.exists()
