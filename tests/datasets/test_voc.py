import pickle

import numpy as np
import pytest
from PIL import Image

from datasets.voc import VOC_LABEL_MAP, voc_samples
from datasets.write_records import write_records
from schema.user_error import UserError
from tests.datasets.records import image_of, mask_of, records, text


@pytest.fixture
def root(tmp_path):
    """Three images of a VOC of our own, `c` in val; its masks hold a palette like the real ones."""
    root = tmp_path / "VOC2012"
    for folder in ("JPEGImages", "SegmentationClass", "ImageSets/Segmentation"):
        (root / folder).mkdir(parents=True)
    rng = np.random.default_rng(0)
    for stem in "abc":
        Image.fromarray(rng.integers(0, 256, (30, 40, 3), np.uint8)).save(root / "JPEGImages" / f"{stem}.jpg")
        mask = Image.new("P", (40, 30))
        mask.putdata(rng.choice([0, 15, 20, 255], 1200).tolist())
        mask.putpalette(rng.integers(0, 256, 768).tolist())
        mask.save(root / "SegmentationClass" / f"{stem}.png")
    (root / "ImageSets/Segmentation/train.txt").write_text("a\n\n  b \r\n\n")
    (root / "ImageSets/Segmentation/val.txt").write_text("c\n")
    return root


def assert_records_equal_the_files(root, out, split, names):
    found = records(out, split)
    for name, features in found.items():
        assert image_of(features) == (root / "JPEGImages" / name).read_bytes()
        ids = np.array(Image.open((root / "SegmentationClass" / name).with_suffix(".png")))
        np.testing.assert_array_equal(mask_of(features), ids)
        assert (features["image/height"].int64_list.value[0], features["image/width"].int64_list.value[0]) == ids.shape
        assert text(features["image/source"]) == "voc"
    assert set(found) == names


def test_official_colours():
    colors = dict(zip(VOC_LABEL_MAP.names, VOC_LABEL_MAP.colors, strict=True))
    assert len(VOC_LABEL_MAP) == 21
    assert VOC_LABEL_MAP.void_id == 255
    assert colors["background"] == (0, 0, 0)
    assert colors["aeroplane"] == (128, 0, 0)
    assert colors["bottle"] == (128, 0, 128)
    assert colors["person"] == (192, 128, 128)
    assert colors["tvmonitor"] == (0, 64, 128)


def test_records_hold_the_files(root, tmp_path):
    write_records(voc_samples(root), VOC_LABEL_MAP, tmp_path / "out")
    assert_records_equal_the_files(root, tmp_path / "out", "train", {"a.jpg", "b.jpg"})
    assert_records_equal_the_files(root, tmp_path / "out", "val", {"c.jpg"})


def test_samples_travel_to_workers(root):
    (sample,) = voc_samples(root)["val"]
    image, mask = pickle.loads(pickle.dumps(sample)).load()
    assert image == (root / "JPEGImages/c.jpg").read_bytes()
    assert set(np.unique(mask)) == {0, 15, 20, 255}


@pytest.mark.parametrize("missing", ["ImageSets/Segmentation/val.txt", "JPEGImages/b.jpg", "SegmentationClass/c.png"])
def test_a_missing_file_is_named(root, missing):
    (root / missing).unlink()
    with pytest.raises(UserError, match=missing):
        voc_samples(root)


def test_a_missing_root_is_named(tmp_path):
    with pytest.raises(UserError, match=r"nowhere: no such folder; expected VOC2012"):
        voc_samples(tmp_path / "nowhere")


def test_an_empty_list_is_named(root):
    (root / "ImageSets/Segmentation/train.txt").write_text("\n\n")
    with pytest.raises(UserError, match=r"train\.txt: the list is empty"):
        voc_samples(root)


def test_splits_must_be_disjoint(root):
    (root / "ImageSets/Segmentation/val.txt").write_text("c\nb\n")
    with pytest.raises(UserError, match=r"1 images? .*both train.txt and val.txt, e\.g\. b"):
        voc_samples(root)


@pytest.mark.realdata
def test_real_records_hold_the_real_files(real_data, tmp_path):
    root = real_data / "voc/VOCdevkit/VOC2012"
    samples = voc_samples(root)
    write_records(samples, VOC_LABEL_MAP, tmp_path / "out", shards=2)
    for split, number in (("train", 26), ("val", 20)):
        names = {f"{stem}.jpg" for stem in (root / f"ImageSets/Segmentation/{split}.txt").read_text().split()}
        assert len(names) == number
        assert_records_equal_the_files(root, tmp_path / "out", split, names)


@pytest.mark.realdata
def test_the_label_map_has_the_palette_of_the_real_masks(real_data):
    path = next((real_data / "voc/VOCdevkit/VOC2012/SegmentationClass").glob("*.png"))
    palette = np.array(Image.open(path).getpalette()).reshape(-1, 3)[:21]
    np.testing.assert_array_equal(palette, VOC_LABEL_MAP.colors)
