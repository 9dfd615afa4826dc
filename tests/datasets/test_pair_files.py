import pytest

from datasets.pair_files import pair_files
from schema.user_error import UserError


def touch(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


# (files, suffixes, pairs); of each pair the image's name below images/ and the mask's below masks/.
VARIANTS = {
    "plain": (["i/b.jpg", "i/a.jpg", "m/a.png", "m/b.png"], ("", ""), [("a.jpg", "a.png"), ("b.jpg", "b.png")]),
    "kinds": (
        ["i/a.JPG", "i/b.jpeg", "i/c.png", "m/a.png", "m/b.PNG", "m/c.png"],
        ("", ""),
        [("a.JPG", "a.png"), ("b.jpeg", "b.PNG"), ("c.png", "c.png")],
    ),
    "nested": (
        ["i/x/1.jpg", "i/y/1.jpg", "m/x/1.png", "m/y/1.png"],
        ("", ""),
        [("x/1.jpg", "x/1.png"), ("y/1.jpg", "y/1.png")],
    ),
    "dots": (
        ["i/v1.0.jpg", "i/v1.1.jpg", "m/v1.0.png", "m/v1.1.png"],
        ("", ""),
        [("v1.0.jpg", "v1.0.png"), ("v1.1.jpg", "v1.1.png")],
    ),
    "mask suffix": (
        ["i/a.jpg", "m/a_labelIds.png", "m/a_color.png", "m/a.json"],
        ("", "_labelIds"),
        [("a.jpg", "a_labelIds.png")],
    ),
    "both suffixes": (
        ["i/u/1_photo.png", "i/u/1_depth.png", "m/u/1_labelIds.png", "m/u/1_color.png"],
        ("_photo", "_labelIds"),
        [("u/1_photo.png", "u/1_labelIds.png")],
    ),
    "other files": (
        ["i/a.jpg", "i/.DS_Store", "i/._a.jpg", "i/.cache/b.jpg", "i/notes.txt", "m/a.png", "m/._a.png", "m/a.jpg"],
        ("", ""),
        [("a.jpg", "a.png")],
    ),
}


@pytest.mark.parametrize(("files", "suffixes", "pairs"), VARIANTS.values(), ids=VARIANTS)
def test_variants(tmp_path, files, suffixes, pairs):
    touch(tmp_path, *files)
    (tmp_path / "i" / "folder.jpg").mkdir()
    found = pair_files(tmp_path / "i", tmp_path / "m", image_suffix=suffixes[0], mask_suffix=suffixes[1])
    assert [(pair.name, pair.image, pair.mask) for pair in found] == [
        (image, tmp_path / "i" / image, tmp_path / "m" / mask) for image, mask in pairs
    ]


@pytest.mark.parametrize(
    ("files", "suffix"),
    [(["a.jpg", "a.png"], ""), (["a.png", "a_mask.png"], "_mask"), (["a.jpg", "a_mask.png"], "_mask")],
)
def test_one_folder_may_hold_both(tmp_path, files, suffix):
    touch(tmp_path, *files)
    (pair,) = pair_files(tmp_path, tmp_path, mask_suffix=suffix)
    assert [pair.image.name, pair.mask.name] == files


def test_all_faults_are_told_at_once(tmp_path):
    touch(tmp_path / "i", "ok.jpg", "lone.jpg", "twice.jpg", "twice.png", *(f"z{n}.jpg" for n in range(9)))
    touch(tmp_path / "m", "ok.png", "twice.png", "orphan.png")
    with pytest.raises(UserError) as error:
        pair_files(tmp_path / "i", tmp_path / "m")
    head, *lines = str(error.value).splitlines()
    assert head.endswith("12 of 13 names do not make a pair of one image and one mask:")
    i, m = tmp_path / "i", tmp_path / "m"
    assert lines[:3] == [
        f"  {i}/lone.jpg: no mask {m}/lone.png",
        f"  {m}/orphan.png: no image {i}/orphan.jpg, .jpeg or .png",
        f"  of one name: {i}/twice.jpg, {i}/twice.png, {m}/twice.png",
    ]
    assert (len(lines), lines[-1]) == (6, "  and 7 more")


@pytest.mark.parametrize(
    ("files", "suffix", "message"),
    [
        (["m/a.png"], "", r"i: no such folder; expected one of images"),
        (["i/a.jpg"], "", r"m: no such folder; expected one of masks"),
        (["i/a.bmp", "m/a.png"], "", r"i: no images, expected files named \* with one of \.jpg, \.jpeg, \.png"),
        (["i/a.jpg", "m/a.png"], "_ids", r"m: no masks, expected files named \*_ids with one of \.png"),
    ],
)
def test_nothing_to_pair_is_told(tmp_path, files, suffix, message):
    touch(tmp_path, *files)
    with pytest.raises(UserError, match=message):
        pair_files(tmp_path / "i", tmp_path / "m", mask_suffix=suffix)
