"""SBD beside VOC: trainaug, and nothing of val in it."""

import os

import numpy as np
import pytest
from PIL import Image
from scipy.io import loadmat, savemat

from datasets.sbd import sbd_samples
from datasets.voc import VOC_LABEL_MAP, voc_samples
from datasets.write_records import write_records
from schema.user_error import UserError
from tests.datasets.records import image_of, mask_of, records, text


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "image.jpg"
    Image.new("RGB", (4, 3)).save(path)
    return path


@pytest.fixture
def roots(tmp_path, image):
    """VOC with train a, b and val c, d; SBD with train e, a, c and val f, d, e: more than half is VOC's own."""
    Image.new("P", (4, 3), 1).save(tmp_path / "mask.png")
    save_sbd_mask(tmp_path / "mask.mat", np.full((3, 4), 2, np.uint8))
    return make_roots(tmp_path, ("ab", "cd"), ("eac", "fde"))


def save_sbd_mask(path, mask):
    savemat(path, {"GTcls": {"Boundaries": 0, "Segmentation": mask, "CategoriesPresent": 0}})


def make_roots(folder, voc, sbd):
    """Trees of the two datasets whose images are links to one file, and so are the masks of each."""
    roots = voc_root, sbd_root = folder / "VOC2012", folder / "benchmark_RELEASE"
    of_voc, of_sbd = set().union(*voc), set().union(*sbd)
    for names, path, file in (
        (of_voc, voc_root / "JPEGImages", "image.jpg"),
        (of_voc, voc_root / "SegmentationClass", "mask.png"),
        (of_sbd, sbd_root / "dataset/img", "image.jpg"),
        (of_sbd, sbd_root / "dataset/cls", "mask.mat"),
    ):
        path.mkdir(parents=True)
        for name in names:
            os.link(folder / file, f"{path}/{name}{file[-4:]}")
    (voc_root / "ImageSets/Segmentation").mkdir(parents=True)
    for path, lists in ((voc_root / "ImageSets/Segmentation", voc), (sbd_root / "dataset", sbd)):
        for split, names in zip(("train", "val"), lists, strict=True):
            (path / f"{split}.txt").write_text("\n".join(names) + "\n")
    return roots


def told(splits):
    return {split: [(sample.filename, sample.source) for sample in samples] for split, samples in splits.items()}


def test_sbd_adds_to_train_what_voc_has_in_neither_split(roots):
    """Taking away VOC's train images alone would let c and d in."""
    assert told(voc_samples(*roots)) == {
        "train": [("a.jpg", "voc"), ("b.jpg", "voc"), ("e.jpg", "sbd"), ("f.jpg", "sbd")],
        "val": [("c.jpg", "voc"), ("d.jpg", "voc")],
    }


def test_without_sbd_there_is_none_of_it(roots):
    assert told(voc_samples(roots[0])) == {
        "train": [("a.jpg", "voc"), ("b.jpg", "voc")],
        "val": [("c.jpg", "voc"), ("d.jpg", "voc")],
    }


def test_images_of_val_are_not_written_to_train_by_any_way(roots, tmp_path):
    splits = voc_samples(roots[0])
    splits["train"] += sbd_samples(roots[1], leave_out="ab")
    with pytest.raises(UserError, match=r"2 images would be in both train and val, e\.g\. c\.jpg"):
        write_records(splits, VOC_LABEL_MAP, tmp_path / "out")


def test_records_hold_the_mask_and_the_name_of_their_source(roots, tmp_path):
    write_records(voc_samples(*roots), VOC_LABEL_MAP, tmp_path / "out")
    train = records(tmp_path / "out", "train")
    assert {name: (text(f["image/source"]), np.unique(mask_of(f)).tolist()) for name, f in train.items()} == {
        "a.jpg": ("voc", [1]),
        "b.jpg": ("voc", [1]),
        "e.jpg": ("sbd", [2]),
        "f.jpg": ("sbd", [2]),
    }


def test_a_mask_of_another_size_or_class_is_named(roots, tmp_path):
    for name, mask in (("e", np.zeros((4, 3), np.uint8)), ("f", np.full((3, 4), 21, np.uint8))):
        path = roots[1] / "dataset/cls" / f"{name}.mat"
        path.unlink()
        save_sbd_mask(path, mask)
    with pytest.raises(UserError) as error:
        write_records(voc_samples(*roots), VOC_LABEL_MAP, tmp_path / "out")
    assert str(error.value).splitlines() == [
        "2 of 6 images cannot be used, nothing was written:",
        "  e.jpg: the mask is 3x4 pixels (width x height), expected 4x3 as the image",
        "  f.jpg: mask ids outside the label map: 21; expected 0..20 or 255 (void)",
    ]


@pytest.mark.parametrize("missing", ["dataset/train.txt", "dataset/img/e.jpg", "dataset/cls/f.mat"])
def test_a_missing_file_is_named(roots, missing):
    (roots[1] / missing).unlink()
    with pytest.raises(UserError, match=missing):
        voc_samples(*roots)


def test_a_missing_root_and_empty_lists_are_named(roots, tmp_path):
    with pytest.raises(UserError, match=r"none/dataset: no such folder; expected SBD's benchmark_RELEASE"):
        voc_samples(roots[0], tmp_path / "none")
    for split in ("train", "val"):
        (roots[1] / f"dataset/{split}.txt").write_text("\n")
    with pytest.raises(UserError, match=r"train\.txt and val\.txt are both empty"):
        voc_samples(*roots)


def test_a_number_that_is_not_the_official_one_is_told(roots, monkeypatch):
    monkeypatch.setattr("datasets.voc._OFFICIAL", {"train": 2, "val": 2})
    monkeypatch.setattr("datasets.voc._TRAINAUG", 5)
    with pytest.raises(
        UserError, match=r"benchmark_RELEASE: SBD adds 2 images to the 2 of .*, expected 3 \(5 in all\)"
    ):
        voc_samples(*roots)
    monkeypatch.setattr("datasets.voc._TRAINAUG", 4)
    assert len(voc_samples(*roots)["train"]) == 4


@pytest.fixture
def official(real_data, tmp_path, image):
    """Trees of the official lists; SBD's made from what is known: it has 1134 of VOC's train and 1103 of its val."""
    Image.new("P", (4, 3), 1).save(tmp_path / "mask.png")
    save_sbd_mask(tmp_path / "mask.mat", np.full((3, 4), 2, np.uint8))
    voc_train, voc_val, trainaug = (
        (real_data / f"lists/{n}.txt").read_text().split() for n in ("train", "val", "trainaug")
    )
    only_sbd = sorted(set(trainaug) - set(voc_train))
    sbd = [*voc_train[:1134], *only_sbd, *voc_val[:1103]]
    assert (len(voc_train), len(voc_val), len(only_sbd), len(sbd)) == (1464, 1449, 9118, 11355)
    return make_roots(tmp_path, (voc_train, voc_val), (sbd[:8498], sbd[8498:])), trainaug, voc_val


@pytest.mark.realdata
def test_official_lists_make_trainaug(official):
    roots, trainaug, voc_val = official
    names = {
        split: [sample.filename.removesuffix(".jpg") for sample in of] for split, of in voc_samples(*roots).items()
    }
    assert (len(names["train"]), len(names["val"])) == (10582, 1449)
    assert set(names["train"]) == set(trainaug)
    assert names["val"] == voc_val
    assert not set(names["train"]) & set(names["val"])

    path = roots[1] / "dataset/val.txt"
    path.write_text("\n".join(path.read_text().split()[2:]))
    with pytest.raises(
        UserError, match=r"SBD adds 9116 images to the 1464 of VOC's .*, expected 9118 \(10582 in all\)"
    ):
        voc_samples(*roots)


@pytest.mark.slow
@pytest.mark.realdata
def test_records_of_the_official_lists_are_trainaug_and_val(official, tmp_path):
    roots, trainaug, voc_val = official
    summary = write_records(voc_samples(*roots), VOC_LABEL_MAP, tmp_path / "out")
    assert "train 10582 images in 32 shards, val 1449 images in 29 shards" in summary
    found = {split: records(tmp_path / "out", split) for split in ("train", "val")}
    assert (len(found["train"]), len(found["val"])) == (10582, 1449)
    assert {name.removesuffix(".jpg") for name in found["train"]} == set(trainaug)
    assert {name.removesuffix(".jpg") for name in found["val"]} == set(voc_val)
    assert not set(found["train"]) & set(found["val"])
    sources = [text(features["image/source"]) for features in found["train"].values()]
    assert (sources.count("voc"), sources.count("sbd")) == (1464, 9118)


@pytest.mark.realdata
def test_real_records_hold_the_real_files(real_data, tmp_path):
    voc, sbd = real_data / "voc/VOCdevkit/VOC2012", real_data / "sbd/benchmark_RELEASE"
    write_records(voc_samples(voc, sbd), VOC_LABEL_MAP, tmp_path / "out")
    train, val = records(tmp_path / "out", "train"), records(tmp_path / "out", "val")
    assert (len(train), len(val)) == (28, 20)
    of_sbd = {name: features for name, features in train.items() if text(features["image/source"]) == "sbd"}
    assert set(of_sbd) == {"2008_000051.jpg", "2008_000195.jpg"}
    for name, features in of_sbd.items():
        assert image_of(features) == (sbd / "dataset/img" / name).read_bytes()
        path = (sbd / "dataset/cls" / name).with_suffix(".mat")
        other = loadmat(str(path), squeeze_me=True, struct_as_record=False)["GTcls"].Segmentation
        np.testing.assert_array_equal(mask_of(features), other)
    for name, features in [*train.items(), *val.items()]:
        if name not in of_sbd:
            assert text(features["image/source"]) == "voc"
            png = Image.open((voc / "SegmentationClass" / name).with_suffix(".png"))
            np.testing.assert_array_equal(mask_of(features), np.array(png))
