import pytest

from datasets.read_pairs import read_pairs
from schema.user_error import UserError


@pytest.fixture
def folder(tmp_path):
    for name in ("x/a.jpg", "x/b.jpg", "x/c d.jpg", "a.png", "b.png", "c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def write(folder, text):
    path = folder / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_seen_from_the_file(folder):
    text = "\ufeffmask,image,split\r\na.png,x/a.jpg,train\r\n"
    text += f'{folder}/b.png,{folder}/x/../x/b.jpg,val\r\nc.png,"x/c d.jpg",test\r\n'
    splits = read_pairs(write(folder, text))
    assert {split: [(p.name, p.image.name, p.mask.name) for p in pairs] for split, pairs in splits.items()} == {
        "train": [("x/a.jpg", "a.jpg", "a.png")],
        "val": [("x/b.jpg", "b.jpg", "b.png")],
        "test": [("x/c d.jpg", "c d.jpg", "c.png")],
    }
    assert all(pair.image.is_file() and pair.mask.is_file() for pairs in splits.values() for pair in pairs)


def test_a_share_in_place_of_the_column(folder):
    splits = read_pairs(write(folder, "image,mask\nx/a.jpg,a.png\nx/b.jpg,b.png\nx/c d.jpg,c.png\n"), 0.5)
    assert sorted(pair.name for pairs in splits.values() for pair in pairs) == ["x/a.jpg", "x/b.jpg", "x/c d.jpg"]
    assert set(splits) == {"train", "val"}


def test_all_faults_are_told_at_once_by_line(folder):
    text = "image,mask,split\nx/a.jpg,a.png,train\nx/z.jpg,a.png,val\nx/b.jpg,none.png,val\nx/b.jpg,,val\n"
    text += "x/./a.jpg,a.png,val\nx/b.jpg,b.png,tr-ain\nx/b.jpg,b.png\n,,,\n"
    with pytest.raises(UserError) as error:
        read_pairs(write(folder, text))
    head, *lines = str(error.value).splitlines()
    assert head == f"{folder}/pairs.csv: 7 of 8 lines are wrong:"
    assert lines == [
        f"  line 3: no such file: {folder}/x/z.jpg",
        f"  line 4: no such file: {folder}/none.png",
        "  line 5: expected one value a column, got 'x/b.jpg', '', 'val'",
        "  line 6: x/./a.jpg is on line 2 already",
        "  line 7: split 'tr-ain', expected a name of letters, digits and _",
        "  and 2 more",
    ]


@pytest.mark.parametrize(
    ("text", "share", "message"),
    [
        ("", None, r"the columns are none, expected image, mask, split"),
        ("image;mask;split\n", None, r"the columns are image;mask;split, expected image, mask, split, .* commas"),
        ("image,mask\nx/a.jpg,a.png\n", None, r"the columns are image, mask, expected .*--val-fraction"),
        ("image,mask,split\nx/a.jpg,a.png,val\n", 0.5, r"the columns are image, mask, split, expected image, mask,"),
        ("image,mask,split\nx/a.jpg,a.png,train\n", None, r"the splits are train, expected train and val"),
        ("image,mask,split\n", None, r"the splits are none, expected train and val"),
        ('image,mask,split\n"x', None, r"cannot read the CSV file"),
    ],
)
def test_a_file_of_another_form_is_told(folder, text, share, message):
    with pytest.raises(UserError, match=rf"pairs\.csv: {message}"):
        read_pairs(write(folder, text), share)


def test_an_unreadable_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"none\.csv: cannot read the CSV file"):
        read_pairs(tmp_path / "none.csv")
