import pytest

from datasets.pair_folders import pair_folders
from schema.user_error import UserError


@pytest.fixture
def tree(tmp_path):
    """images/ and masks/ with the same names in each split, as many datasets have them."""
    for split in ("train", "val", "training"):
        for name in ("1", "2"):
            for folder, extension in (("images", "jpg"), ("masks", "png")):
                path = tmp_path / folder / split / f"{name}.{extension}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
    return tmp_path


def names(splits):
    return {split: [pair.name for pair in of_split] for split, of_split in splits.items()}


def test_a_folder_a_split(tree):
    splits = pair_folders(tree / "images", tree / "masks")
    assert names(splits) == {"train": ["train/1.jpg", "train/2.jpg"], "val": ["val/1.jpg", "val/2.jpg"]}
    assert splits["val"][0].mask == tree / "masks/val/1.png"


def test_folders_of_other_names_and_further_splits(tree):
    splits = pair_folders(tree / "images", tree / "masks", folders={"train": "training", "test": "train"})
    assert names(splits) == {
        "train": ["training/1.jpg", "training/2.jpg"],
        "val": ["val/1.jpg", "val/2.jpg"],
        "test": ["train/1.jpg", "train/2.jpg"],
    }


def test_a_share_of_all_folders(tree):
    splits = names(pair_folders(tree / "images", tree / "masks", val_fraction=0.5))
    assert sorted(splits["train"] + splits["val"]) == [
        f"{split}/{name}.jpg" for split in ("train", "training", "val") for name in (1, 2)
    ]


def test_a_missing_folder_is_told_with_the_ways_out(tree):
    with pytest.raises(UserError, match=r"images/valid: no such folder; .*\(train, valid\).*--split.*--val-fraction"):
        pair_folders(tree / "images", tree / "masks", folders={"val": "valid"})
    with pytest.raises(UserError, match=r"none/train: no such folder; expected one of"):
        pair_folders(tree / "images", tree / "none")
    with pytest.raises(UserError, match=r"none.*: no such folder"):
        pair_folders(tree / "none", tree / "masks")


def test_splits_are_not_asked_for_twice(tree):
    with pytest.raises(UserError, match="exclude each other"):
        pair_folders(tree / "images", tree / "masks", folders={"val": "val"}, val_fraction=0.5)
