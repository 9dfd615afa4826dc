import numpy as np
import pytest

from schema.label_map import INVALID, LabelMap
from schema.user_error import UserError

COLORS = ((0, 0, 255), (90, 90, 90), (255, 0, 0))
NAMES = ("sky", "road", "car")


def test_ids_are_indices_unless_said():
    label_map = LabelMap(NAMES, COLORS)
    assert (len(label_map), label_map.ids, label_map.void_id) == (3, (0, 1, 2), 255)
    assert label_map.lookup.tolist() == [0, 1, 2, *[INVALID] * 252, 255]


def test_lookup_of_a_datasets_own_ids():
    lookup = LabelMap(NAMES, COLORS, ids=(7, 255, 1), void_id=0).lookup
    assert lookup.shape == (256,)
    assert {id_: lookup[id_] for id_ in (0, 1, 7, 255)} == {0: 255, 1: 2, 7: 0, 255: 1}
    assert (np.delete(lookup, [0, 1, 7, 255]) == INVALID).all()


def test_void_is_white_in_the_palette():
    palette = LabelMap(NAMES, COLORS).palette
    assert (palette.shape, palette.dtype) == ((256, 3), np.uint8)
    assert palette[:3].tolist() == [list(color) for color in COLORS]
    assert (palette[3:255].max(), palette[255].tolist()) == (0, [255, 255, 255])


def test_the_largest_label_map():
    lookup = LabelMap(tuple(map(str, range(255))), ((0, 0, 0),) * 255).lookup
    assert lookup.tolist() == list(range(256))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"names": NAMES[:1], "colors": COLORS[:1]}, "needs 2 to 255 classes, got 1"),
        ({"names": tuple(map(str, range(256))), "colors": ((0, 0, 0),) * 256}, "needs 2 to 255 classes, got 256"),
        ({"colors": COLORS[:2]}, "each of its 3 classes, got 2 colours and 3 ids"),
        ({"ids": (0, 1)}, "each of its 3 classes, got 3 colours and 2 ids"),
        ({"names": ("sky", "car", "sky")}, "names must differ .* repeated: sky"),
        ({"ids": (0, 1, 1)}, "ids must differ .* repeated: 1"),
        ({"ids": (0, 1, 255)}, "ids must differ .* repeated: 255"),
        ({"void_id": 2}, "ids must differ .* repeated: 2"),
        ({"ids": (0, 1, 256)}, r"lie in 0\.\.255, got \(0, 1, 256\)"),
        ({"void_id": -1}, r"lie in 0\.\.255, got .* and void -1"),
        ({"colors": ((0, 0, 256), *COLORS[1:])}, r"three numbers in 0\.\.255"),
        ({"colors": ((0, 0), *COLORS[1:])}, r"three numbers in 0\.\.255"),
    ],
)
def test_parts_that_contradict_each_other(change, message):
    with pytest.raises(UserError, match=message):
        LabelMap(**{"names": NAMES, "colors": COLORS, **change})


@pytest.mark.parametrize("label_map", [LabelMap(NAMES, COLORS), LabelMap(NAMES, COLORS, (1, 2, 3), 0)])
def test_what_is_saved_is_loaded(tmp_path, label_map):
    label_map.save(tmp_path / "map.yaml")
    assert LabelMap.load(tmp_path / "map.yaml") == label_map
    assert LabelMap.from_dict(label_map.to_dict()) == label_map


def test_ids_may_be_left_out_of_a_file(tmp_path):
    (tmp_path / "map.yaml").write_text(
        "classes:\n- {name: sky, color: [0, 0, 255]}\n- {name: 2, color: [1, 2, 3]}\n", encoding="utf-8"
    )
    assert LabelMap.load(tmp_path / "map.yaml") == LabelMap(("sky", "2"), ((0, 0, 255), (1, 2, 3)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "[a, b]",
        "classes: 3",
        "classes: [sky, road]",
        "classes: [{name: sky}]",
        "classes: [{name: sky, color: [1, 2]}, {name: road, color: [1, 2, 3]}]",
        "classes: [{name: sky, color: [a, b, c]}, {name: road, color: [1, 2, 3]}]",
        "classes: [{name: sky, id: x, color: [1, 2, 3]}, {name: road, color: [1, 2, 3]}]",
        "classes: [{name: sky, id: null, color: [1, 2, 3]}, {name: road, color: [1, 2, 3]}]",
    ],
)
def test_a_file_that_is_no_label_map_is_named(tmp_path, text):
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=rf"^{path}: a label map is"):
        LabelMap.load(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "bad.yaml").write_text("classes: [", encoding="utf-8")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    for name in ("bad.yaml", "binary.yaml", "missing.yaml"):
        with pytest.raises(UserError, match=rf"{name}: cannot read the label map"):
            LabelMap.load(tmp_path / name)
