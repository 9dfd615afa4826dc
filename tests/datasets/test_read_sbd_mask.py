import numpy as np
import pytest
from PIL import Image
from scipy.io import loadmat, savemat
from scipy.sparse import csc_matrix

from datasets.read_sbd_mask import read_sbd_mask
from schema.user_error import UserError

MASK = np.array([[0, 5, 20], [9, 0, 15]], np.uint8)


def save(path, **content):
    savemat(path, content, do_compression=True)
    return path


def struct(mask):
    """As SBD has it: a 1x1 struct array, the mask between a cell array of sparse matrices and a list of classes."""
    boundaries = np.empty((2, 1), object)
    boundaries[:, 0] = [csc_matrix(np.eye(2, 3))] * 2
    return {"Boundaries": boundaries, "Segmentation": mask, "CategoriesPresent": [[5, 9]]}


def test_the_mask_of_a_struct(tmp_path):
    mask = read_sbd_mask(save(tmp_path / "m.mat", GTcls=struct(MASK)))
    assert mask.dtype == np.uint8
    assert mask.flags.c_contiguous
    assert mask.tolist() == MASK.tolist()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"GTinst": struct(MASK)}, "holds no GTcls, expected a file of SBD's dataset/cls"),
        ({"GTcls": {"Boundaries": 1}}, "GTcls has no field Segmentation"),
        ({"GTcls": MASK}, "GTcls has no field Segmentation"),
        ({"GTcls": np.empty((0, 0), [("Segmentation", object)])}, "GTcls has no field Segmentation"),
        ({"GTcls": struct(MASK.astype(float))}, r"GTcls\.Segmentation is \[2, 3\] float64, expected \[H, W\] uint8"),
        ({"GTcls": struct(MASK[None])}, r"GTcls\.Segmentation is \[1, 2, 3\] uint8"),
        ({"GTcls": struct(MASK[:0])}, r"GTcls\.Segmentation is \[0, [03]\] uint8"),
    ],
)
def test_another_content_is_told(tmp_path, content, message):
    with pytest.raises(UserError, match=rf"m\.mat: {message}"):
        read_sbd_mask(save(tmp_path / "m.mat", **content))


def test_another_kind_of_file_is_told(tmp_path):
    path = tmp_path / "m.mat"
    Image.fromarray(MASK).save(path, "PNG")
    with pytest.raises(UserError, match=r"m\.mat: expected a MATLAB 5 file .*starts b'.x89PNG"):
        read_sbd_mask(path)
    savemat(path, {"GTcls": MASK}, format="4")
    with pytest.raises(UserError, match=r"m\.mat: expected a MATLAB 5 file"):
        read_sbd_mask(path)
    with pytest.raises(UserError, match=r"none\.mat: cannot read the mask"):
        read_sbd_mask(tmp_path / "none.mat")


def test_a_damaged_file_is_told_wherever_it_ends(tmp_path):
    path = save(tmp_path / "m.mat", GTcls=struct(MASK))
    whole = path.read_bytes()
    for end in (30, 128, 140, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:end])
        with pytest.raises(UserError, match=r"m\.mat: "):
            read_sbd_mask(path)
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 0xFF
    path.write_bytes(damaged)
    with pytest.raises(UserError, match=r"m\.mat: cannot read the mask"):
        read_sbd_mask(path)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("stem", "size", "ids"), [("2008_000051", (371, 500), {0, 5, 9, 15}), ("2008_000195", (333, 500), {0, 4, 15})]
)
def test_real_masks_equal_another_reading_of_them(real_data, stem, size, ids):
    path = real_data / f"sbd/benchmark_RELEASE/dataset/cls/{stem}.mat"
    mask = read_sbd_mask(path)
    other = loadmat(str(path), squeeze_me=True, struct_as_record=False)["GTcls"].Segmentation
    np.testing.assert_array_equal(mask, other)
    assert (mask.shape, set(np.unique(mask))) == (size, ids)
