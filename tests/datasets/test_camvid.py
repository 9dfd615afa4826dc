import numpy as np
import pytest
from PIL import Image

from datasets.camvid import CAMVID_LABEL_MAP, camvid_samples
from datasets.write_records import write_records
from schema.user_error import UserError
from tests.datasets.records import image_of, mask_of, records, text


@pytest.fixture
def root(tmp_path):
    for index, split in enumerate(("train", "val", "test")):
        (tmp_path / split).mkdir()
        (tmp_path / f"{split}annot").mkdir()
        Image.new("RGB", (4, 3)).save(tmp_path / split / f"{split}_1.png")
        Image.fromarray(np.array([[0, 10, 11, index]] * 3, np.uint8)).save(tmp_path / f"{split}annot/{split}_1.png")
    return tmp_path


def test_eleven_classes_and_unlabelled_is_void(root):
    assert (len(CAMVID_LABEL_MAP), CAMVID_LABEL_MAP.names[0], CAMVID_LABEL_MAP.names[10]) == (11, "Sky", "Bicyclist")
    splits = camvid_samples(root)
    assert {split: [sample.filename for sample in of_split] for split, of_split in splits.items()} == {
        "train": ["train_1.png"],
        "val": ["val_1.png"],
        "test": ["test_1.png"],
    }
    image, mask = splits["test"][0].load()
    assert image == (root / "test/test_1.png").read_bytes()
    assert mask.tolist() == [[0, 10, 255, 2]] * 3


def test_test_may_be_missing_but_not_by_half(root):
    (root / "testannot/test_1.png").unlink()
    with pytest.raises(UserError, match="testannot: no masks"):
        camvid_samples(root)
    (root / "testannot").rmdir()
    with pytest.raises(UserError, match="testannot: no such folder"):
        camvid_samples(root)
    (root / "test/test_1.png").unlink()
    (root / "test").rmdir()
    assert set(camvid_samples(root)) == {"train", "val"}


def test_an_image_without_its_mask_and_a_missing_root_are_named(root):
    (root / "valannot/val_1.png").rename(root / "valannot/other.png")
    with pytest.raises(UserError, match=r"val/val_1\.png: no mask .*valannot/val_1\.png"):
        camvid_samples(root)
    with pytest.raises(UserError, match="nowhere/trainannot: no such folder"):
        camvid_samples(root / "nowhere")


@pytest.mark.slow
@pytest.mark.realdata
def test_real_records_hold_the_real_files(real_data, tmp_path):
    root = real_data / "camvid"
    write_records(camvid_samples(root), CAMVID_LABEL_MAP, tmp_path / "out")
    counts = np.zeros(256, int)
    for split, number in (("train", 184), ("val", 51)):
        found = records(tmp_path / "out", split)
        assert len(found) == number
        for name, features in found.items():
            assert image_of(features) == (root / split / name).read_bytes()
            assert text(features["image/source"]) == "camvid"
            ids = np.array(Image.open(root / f"{split}annot" / name))
            mask = mask_of(features)
            np.testing.assert_array_equal(mask == 255, ids == 11)
            np.testing.assert_array_equal(mask[mask != 255], ids[ids != 11])
            counts += np.bincount(mask.ravel(), minlength=256)
    assert set(np.flatnonzero(counts)) == {*range(11), 255}
