"""`segpipe convert folder` from its command line to its records, for the layouts that docs/datasets.md shows."""

import numpy as np
import pytest
import yaml
from PIL import Image

from pipeline.cli import main
from tests.datasets.records import image_of, mask_of, records, text

COLORS = {"road": (128, 64, 128), "car": (0, 0, 142)}
CLASSES = np.array([[0, 1, 255, 0], [1, 1, 0, 255]], np.uint8)  # of every mask here


def save(path, values, mode=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.array(values, np.uint8), mode).save(path)


def save_image(path):
    save(path, np.random.default_rng(len(str(path))).integers(0, 256, (2, 4, 3)))


def ids(road, car, void):
    return np.choose(np.where(CLASSES == 255, 2, CLASSES), [road, car, void])


def save_label_map(path, road=0, car=1, void=255):
    classes = [{"id": id_, "name": name, "color": COLORS[name]} for name, id_ in (("road", road), ("car", car))]
    path.write_text(yaml.safe_dump({"void_id": void, "classes": [{**c, "color": [*c["color"]]} for c in classes]}))


def plain(root):
    """Ids as they are, two kinds of images."""
    save_label_map(root / "map.yaml")
    for name in ("train/1.jpg", "train/2.png", "val/1.jpeg"):
        save_image(root / "images" / name)
        save((root / "masks" / name).with_suffix(".png"), CLASSES)
    return ["--images", root / "images", "--masks", root / "masks"], {"train/1.jpg", "train/2.png"}, {"val/1.jpeg"}


def cityscapes(root):
    """Suffixes on both sides, a folder a city, other files beside, several void ids."""
    save_label_map(root / "map.yaml", road=7, car=26, void=0)
    for split, stem in (("train", "aachen/aachen_0"), ("train", "bremen/bremen_0"), ("val", "ulm/ulm_0")):
        save_image(root / f"leftImg8bit/{split}/{stem}_leftImg8bit.png")
        of_ids = ids(7, 26, 0)
        of_ids[0, 2] = 4
        save(root / f"gtFine/{split}/{stem}_gtFine_labelIds.png", of_ids)
        save(root / f"gtFine/{split}/{stem}_gtFine_color.png", np.zeros((2, 4, 3)))
        (root / f"gtFine/{split}/{stem}_gtFine_polygons.json").touch()
    options = ["--images", root / "leftImg8bit", "--masks", root / "gtFine", "--image-suffix", "_leftImg8bit"]
    options += ["--mask-suffix", "_gtFine_labelIds", "--void-ids", "1-6,33"]
    train = {"train/aachen/aachen_0_leftImg8bit.png", "train/bremen/bremen_0_leftImg8bit.png"}
    return options, train, {"val/ulm/ulm_0_leftImg8bit.png"}


def ade20k(root):
    """Folders of other names, 0 is void."""
    save_label_map(root / "map.yaml", road=1, car=2, void=0)
    for name in ("training/1", "validation/1"):
        save_image(root / f"images/{name}.jpg")
        save(root / f"annotations/{name}.png", ids(1, 2, 0))
    options = ["--images", root / "images", "--masks", root / "annotations", "--split", "train=training"]
    return [*options, "--split", "val=validation"], {"training/1.jpg"}, {"validation/1.jpg"}


def colors(root):
    """Colours, in palette-free PNGs, and a test split."""
    save_label_map(root / "map.yaml")
    table = np.array([COLORS["road"], COLORS["car"], (224, 224, 192)])
    for split in ("train", "val", "test"):
        save_image(root / f"images/{split}/1.jpg")
        save(root / f"masks/{split}/1.png", table[ids(0, 1, 2)])
    options = ["--images", root / "images", "--masks", root / "masks", "--void-colors", "0,0,0", "224,224,192"]
    return [*options, "--split", "test=test"], {"train/1.jpg"}, {"val/1.jpg"}


def sixteen_bits(root):
    save_label_map(root / "map.yaml", road=7, car=200)
    for split in ("train", "val"):
        save_image(root / f"images/{split}/1.jpg")
        (root / f"masks/{split}").mkdir(parents=True)
        Image.fromarray(ids(7, 200, 4000).astype(np.uint16)).save(root / f"masks/{split}/1.png")
    options = ["--images", root / "images", "--masks", root / "masks", "--void-ids", "4000"]
    return options, {"train/1.jpg"}, {"val/1.jpg"}


def one_folder(root):
    """Images and masks side by side, split by a share. sha256 begins 4c for 1.jpg, 88 for 2.jpg: 0.3 and 0.5."""
    save_label_map(root / "map.yaml")
    for name in "12":
        save_image(root / f"all/{name}.jpg")
        save(root / f"all/{name}_mask.png", CLASSES)
    options = ["--images", root / "all", "--masks", root / "all", "--mask-suffix", "_mask", "--val-fraction", 0.4]
    return options, {"2.jpg"}, {"1.jpg"}


def pairs(root):
    save_label_map(root / "map.yaml")
    for name in "ab":
        save_image(root / f"x/{name}.jpg")
        save(root / f"y/{name}-mask.png", CLASSES)
    (root / "pairs.csv").write_text("image,mask,split\nx/a.jpg,y/a-mask.png,val\nx/b.jpg,y/b-mask.png,train\n")
    return ["--pairs", root / "pairs.csv"], {"x/b.jpg"}, {"x/a.jpg"}


def convert(root, *options):
    options = ["convert", "folder", "--label-map", root / "map.yaml", "--out", root / "out", *options]
    return main([str(option) for option in options])


@pytest.mark.parametrize("layout", [plain, cityscapes, ade20k, colors, sixteen_bits, one_folder, pairs])
def test_layouts(tmp_path, layout):
    options, train, val = layout(tmp_path)
    originals = {path.read_bytes() for path in tmp_path.rglob("*.[jp][pn]*g")}
    assert convert(tmp_path, *options) == 0
    found = {split: records(tmp_path / "out", split) for split in ("train", "val")}
    assert (set(found["train"]), set(found["val"])) == (train, val)
    for features in [*found["train"].values(), *found["val"].values()]:
        assert image_of(features) in originals
        assert text(features["image/source"]) == "out"
        np.testing.assert_array_equal(mask_of(features), CLASSES)
    assert len(records(tmp_path / "out", "test")) == (layout is colors)
    saved = yaml.safe_load((tmp_path / "out/label_map.yaml").read_text())
    assert [(c["id"], c["name"]) for c in saved["classes"]] == [(0, "road"), (1, "car")]
    assert saved["void_id"] == 255


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "expected either --images and --masks or --pairs"),
        (["--images", "i"], "expected either --images and --masks or --pairs"),
        (["--pairs", "p.csv", "--masks", "m"], "expected either --images and --masks or --pairs"),
        (["--pairs", "p.csv", "--mask-suffix", "_x"], "go with folders"),
        (["--images", "none", "--masks", "none"], "none/train: no such folder"),
        (["--pairs", "none.csv"], "none.csv: cannot read the CSV file"),
        (
            ["--images", "i", "--masks", "m", "--void-ids", "1"],
            "id 1 cannot be void: the label map has it as class car",
        ),
    ],
)
def test_bad_input_is_one_message(tmp_path, capsys, options, message):
    save_label_map(tmp_path / "map.yaml")
    assert convert(tmp_path, *options) == 1
    assert message in capsys.readouterr().err


def test_a_value_that_stands_for_nothing_names_file_and_pixel(tmp_path, capsys):
    options, *_ = colors(tmp_path)
    assert convert(tmp_path, *options[: options.index("--void-colors")]) == 1
    error = capsys.readouterr().err
    assert "2 of 2 images cannot be used, nothing was written" in error
    assert f"{tmp_path}/masks/train/1.png: colour 224,224,192 at x=2, y=0 is not in the label map" in error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", [["--split", "train"], ["--void-ids", "6-1"], ["--void-colors", "0,0,256"]])
def test_malformed_options_are_refused_by_name(tmp_path, capsys, option):
    with pytest.raises(SystemExit) as exit_:
        convert(tmp_path, *option)
    assert exit_.value.code == 1
    assert f"argument {option[0]}" in capsys.readouterr().err
