import pytest

from pipeline.show.find_splits import find_splits
from schema.user_error import UserError


@pytest.fixture
def folder(tmp_path):
    for name in ("train-1.tfrecord", "train-0.tfrecord", "val-0.tfrecord", "test-0", "label_map.yaml"):
        (tmp_path / name).touch()
    (tmp_path / "train-folder").mkdir()
    return tmp_path


def test_the_usual_ones(folder):
    assert find_splits(folder, {}) == {
        "train": [f"{folder}/train-0.tfrecord", f"{folder}/train-1.tfrecord"],
        "val": [f"{folder}/val-0.tfrecord"],
    }
    (folder / "val-0.tfrecord").unlink()
    assert list(find_splits(folder, {})) == ["train"]


def test_named_ones(folder):
    assert find_splits(folder, {"mine": "test-*"}) == {"mine": [f"{folder}/test-0"]}


@pytest.mark.parametrize(
    ("patterns", "named"), [({"mine": "other-*"}, "other-*"), ({"a": "train-*", "b": "dev-*"}, "dev-*")]
)
def test_a_named_one_must_be_there(folder, patterns, named):
    with pytest.raises(UserError) as caught:
        find_splits(folder, patterns)
    assert str(caught.value) == (
        f"no file in {folder} matches {named}; it holds label_map.yaml, test-0, train-0.tfrecord; "
        "name splits with --split NAME=PATTERN"
    )


def test_none_of_the_usual_ones(tmp_path):
    with pytest.raises(UserError, match=r"matches train-\* or val-\*; it holds nothing; "):
        find_splits(tmp_path, {})


def test_no_folder(folder):
    with pytest.raises(UserError, match=r"no folder .*/test-0; name one of TFRecords"):
        find_splits(folder / "test-0", {})


def test_no_pattern(folder):
    with pytest.raises(UserError, match=r"--split: .* is no file pattern: "):
        find_splits(folder, {"mine": "."})
