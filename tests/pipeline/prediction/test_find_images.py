"""Files, folders, patterns and TFRecords, as a user names them."""

from pathlib import Path

import pytest

from pipeline.prediction.find_images import ImageFile, RecordFile, find_images
from schema.user_error import UserError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = ("b.png", "a.JPG", "deep/er/a.jpeg", "notes.txt", "data_tfrecord-00000-of-00001.gz", "x.tfrecord.png")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_a_folder_is_looked_through_to_the_bottom(folder):
    assert find_images([str(folder)]) == [
        ImageFile(folder / "a.JPG", "a"),
        ImageFile(folder / "b.png", "b"),
        RecordFile(folder / "data_tfrecord-00000-of-00001.gz"),
        ImageFile(folder / "deep/er/a.jpeg", "deep/er/a"),
        ImageFile(folder / "x.tfrecord.png", "x.tfrecord"),
    ]


def test_patterns_and_files_are_called_by_their_own_names(folder):
    assert find_images([f"{folder}/**/*.j*g", f"{folder}/b.png"]) == [
        ImageFile(folder / "deep/er/a.jpeg", "a"),
        ImageFile(folder / "b.png", "b"),
    ]


def test_what_is_named_twice_is_there_once(folder):
    assert find_images([f"{folder}/b.png", f"{folder}/*.png", f"{folder}/b.png"]) == [
        ImageFile(folder / "b.png", "b"),
        ImageFile(folder / "x.tfrecord.png", "x.tfrecord"),
    ]


def test_a_file_may_have_the_name_of_a_pattern_or_no_suffix_or_be_missing(folder):
    (folder / "a[1].png").touch()
    given = [f"{folder}/a[1].png", f"{folder}/upload", f"{folder}/missing.tfrecord"]
    assert find_images(given) == [
        ImageFile(folder / "a[1].png", "a[1]"),
        ImageFile(folder / "upload", "upload"),
        RecordFile(folder / "missing.tfrecord"),
    ]


def test_two_images_of_one_name_are_refused(folder):
    with pytest.raises(UserError, match=r"a\.JPG and .*a\.jpeg would both be written to a\.mask\.png"):
        find_images([f"{folder}/a.JPG", f"{folder}/deep/er/a.jpeg"])


@pytest.mark.parametrize(("given", "what"), [("empty", "folder"), ("*.tiff", "pattern")])
def test_nothing_is_an_error(folder, given, what):
    (folder / "empty").mkdir()
    with pytest.raises(UserError, match=rf"nothing in this {what}; expected images \(\.jpg, \.jpeg, \.png\) or TFRec"):
        find_images([f"{folder}/{given}"])
