import numpy as np
import pytest
from PIL import Image

from datasets.read_mask import read_mask
from schema.label_map import LabelMap
from schema.user_error import UserError

# As ADE20K has it: void is 0 and the classes start at 1.
LABEL_MAP = LabelMap(names=("wall", "sky"), colors=((1, 2, 3), (4, 5, 6)), ids=(1, 2), void_id=0)


def save(path, ids, mode="L"):
    image = Image.new(mode, (len(ids[0]), len(ids)))
    image.putdata([value for row in ids for value in row])
    if mode == "P":
        image.putpalette([200, 10, 10, 10, 200, 10, 10, 10, 200])
    image.save(path)
    return path


@pytest.mark.parametrize("mode", ["L", "P"])
def test_ids_become_class_indices(tmp_path, mode):
    mask = read_mask(save(tmp_path / "m.png", [[0, 1], [2, 1]], mode), LABEL_MAP)
    assert mask.dtype == np.uint8
    assert mask.tolist() == [[255, 0], [1, 0]]


def test_an_unknown_id_is_not_taken_for_void(tmp_path):
    with pytest.raises(UserError, match=r"m\.png: mask ids outside the label map: 3, 255; expected 1\.\.2 or 0"):
        read_mask(save(tmp_path / "m.png", [[0, 3], [255, 3]]), LABEL_MAP)


def test_a_colour_image_is_no_mask(tmp_path):
    with pytest.raises(UserError, match=r"m\.png: expected a palette or 8-bit greyscale PNG .*got mode RGB"):
        read_mask(save(tmp_path / "m.png", [[(1, 1, 1)]], "RGB"), LABEL_MAP)


def test_a_broken_file_is_named(tmp_path):
    path = save(tmp_path / "m.png", np.ones((50, 50), int).tolist())
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UserError, match=r"m\.png: the mask is truncated or corrupt"):
        read_mask(path, LABEL_MAP)
    with pytest.raises(UserError, match=r"none\.png: cannot read the mask"):
        read_mask(tmp_path / "none.png", LABEL_MAP)
