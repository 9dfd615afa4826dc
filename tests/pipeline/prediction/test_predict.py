import argparse
import io
import re
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from pipeline.commands.predict import add_predict_parser
from pipeline.prediction.predict import predict
from schema.user_error import UserError
from tests.components.report.fake_model import LABEL_MAP, encode, save_fake_model

LEVELS = [[0, 150, 250], [120, 99, 200]]
IDS = [[0, 1, 2], [1, 0, 2]]


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory):
    return save_fake_model(tmp_path_factory.mktemp("serving") / "1700000000", tmp_path_factory.mktemp("scratch"))


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "cat.png"
    path.write_bytes(encode(LEVELS))
    return path


def _predict(model, images, out):
    return predict(model, list(map(str, images)), out)


def _ids(path) -> np.ndarray:
    with Image.open(path) as mask:
        assert mask.mode == "P"
        return np.asarray(mask)


def _files(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _run(*arguments) -> int:
    parser = argparse.ArgumentParser()
    add_predict_parser(parser.add_subparsers())
    args = parser.parse_args(["predict", *map(str, arguments)])
    return args.handler(args)


def test_writes_mask_and_overlay(model_dir, image, tmp_path):
    out = tmp_path / "new" / "out"
    predictions = _predict(model_dir, [image], out)
    assert predictions.written == [out / "cat.mask.png", out / "cat.overlay.jpg"]
    assert predictions.failed == []
    assert _files(out) == ["cat.mask.png", "cat.overlay.jpg", "class_shares.csv"]
    assert _ids(out / "cat.mask.png").tolist() == IDS
    with Image.open(out / "cat.mask.png") as mask:
        assert mask.convert("RGB").getpixel((1, 0)) == LABEL_MAP.colors[1]
    with Image.open(out / "cat.overlay.jpg") as blended:
        assert (blended.format, blended.size) == ("JPEG", (3, 2))


def test_ids_are_the_models_own(model_dir, tmp_path):
    levels = np.random.default_rng(1).integers(0, 256, (37, 53), np.uint8)
    path = tmp_path / "noise.png"
    path.write_bytes(encode(levels))
    serve = tf.saved_model.load(str(model_dir)).signatures["serving_default"]
    (raw,) = serve(image_bytes=tf.constant([path.read_bytes()]))["mask_png"].numpy()
    _predict(model_dir, [path], tmp_path / "out")
    with Image.open(io.BytesIO(raw)) as mask:
        assert _ids(tmp_path / "out" / "noise.mask.png").tobytes() == np.asarray(mask).tobytes()


def test_overlay_is_blended(model_dir, tmp_path):
    path = tmp_path / "grey.jpg"
    path.write_bytes(encode(np.full((16, 16), 150), "JPEG"))
    _predict(model_dir, [path], tmp_path / "out")
    with Image.open(tmp_path / "out" / "grey.overlay.jpg") as blended:
        # 0.4 * 150 + 0.6 * (200, 100, 0), give or take JPEG
        np.testing.assert_allclose(np.asarray(blended)[8, 8], [180, 120, 60], atol=3)


def test_pixels_are_taken_as_stored(model_dir, tmp_path):
    """EXIF asks for a quarter turn, TensorFlow leaves that aside, and so does the overlay."""
    tags = Image.Exif()
    tags[0x112] = 6
    path = tmp_path / "turned.png"
    Image.open(io.BytesIO(encode(LEVELS))).save(path, exif=tags)
    _predict(model_dir, [path], tmp_path / "out")
    assert _ids(tmp_path / "out" / "turned.mask.png").tolist() == IDS
    with Image.open(tmp_path / "out" / "turned.overlay.jpg") as blended:
        assert (blended.size, blended.getexif()) == ((3, 2), {})


def test_many_images_of_many_sizes(model_dir, tmp_path):
    """More than two batches."""
    images = [tmp_path / f"{width}.png" for width in range(1, 11)]
    for width, path in enumerate(images, start=1):
        path.write_bytes(encode([[150] * width]))
    assert len(_predict(model_dir, images, tmp_path / "out").written) == 20
    assert [_ids(tmp_path / "out" / f"{path.stem}.mask.png").shape for path in images] == [(1, n) for n in range(1, 11)]


def test_a_folder_a_pattern_and_records_of_a_run(model_dir, tmp_path):
    """All that a user has, of a run that has pushed: shares by hand, names by folder and by record."""
    run, photos = tmp_path / "run", tmp_path / "photos"
    (run / "serving").mkdir(parents=True)
    (run / "serving" / "1700000000").symlink_to(model_dir, target_is_directory=True)
    for name in ("a.png", "street/a.png", "street/notes.txt"):
        (photos / name).parent.mkdir(parents=True, exist_ok=True)
        (photos / name).write_bytes(encode(LEVELS))
    (tmp_path / "extra.PNG").write_bytes(encode([[0, 0, 0, 250]]))
    with tf.io.TFRecordWriter(str(tmp_path / "val.tfrecord")) as writer:
        writer.write(_record(encode([[150]]), b"dir/b.jpg"))
    out = tmp_path / "out"
    predictions = _predict(run, [photos, tmp_path / "*.PNG", tmp_path / "val.tfrecord"], out)
    assert predictions.failed == []
    names = ["a", "street/a", "extra", "b"]
    assert [str(path.relative_to(out)) for path in predictions.written[::2]] == [f"{name}.mask.png" for name in names]
    assert (out / "class_shares.csv").read_text().splitlines() == [
        "image,height,width,dark,grey,bright",
        "a,2,3,0.333333,0.333333,0.333333",
        "street/a,2,3,0.333333,0.333333,0.333333",
        "extra,1,4,0.750000,0.000000,0.250000",
        "b,1,1,0.000000,1.000000,0.000000",
    ]


def _record(image: bytes, name: bytes) -> bytes:
    features = {
        key: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
        for key, value in (("image/encoded", image), ("image/filename", name))
    }
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


def test_newest_version_is_taken(model_dir, image, tmp_path):
    serving = tmp_path / "serving"
    for name in ("999", "1700000001", ".staging", "1800000000", "zoo"):
        (serving / name).mkdir(parents=True)
    (serving / "999" / "saved_model.pb").write_bytes(b"older, never loaded")
    (serving / "zoo" / "saved_model.pb").write_bytes(b"no version")
    (serving / "1700000001").rmdir()
    (serving / "1700000001").symlink_to(model_dir, target_is_directory=True)
    _predict(serving, [image], tmp_path / "out")
    assert _ids(tmp_path / "out" / "cat.mask.png").tolist() == IDS


def test_replaces_files_of_an_earlier_call(model_dir, image, tmp_path):
    out = tmp_path / "out"
    _predict(model_dir, [image], out)
    image.write_bytes(encode([[250]]))
    _predict(model_dir, [image], out)
    assert _ids(out / "cat.mask.png").tolist() == [[2]]
    assert _files(out) == ["cat.mask.png", "cat.overlay.jpg", "class_shares.csv"]
    assert (out / "class_shares.csv").read_text().splitlines()[1] == "cat,1,1,0.000000,0.000000,1.000000"


def test_bad_images_are_reported_and_passed_over(model_dir, image, tmp_path, capsys):
    truncated, text, red, last = (tmp_path / name for name in ("cut.jpg", "text[b].jpg", "red.png", "last.png"))
    noise = encode(np.random.default_rng(1).integers(0, 256, (64, 64)), "JPEG")
    truncated.write_bytes(noise[: len(noise) // 2])
    text.write_text("not an image")
    Image.new("RGB", (2, 2), (255, 0, 0)).save(red)
    last.write_bytes(encode([[250]]))
    missing = tmp_path / "missing.png"
    out = tmp_path / "out"
    assert _run("--model", model_dir, "--out", out, truncated, image, text, red, missing, last) == 1
    captured = capsys.readouterr()
    reasons = {
        truncated: "expected a whole JPEG or PNG image: .*truncated.*",
        text: "expected a JPEG or PNG image",
        red: "the model failed: assertion failed: .*no pure red.*",
        missing: "No such file or directory",
    }
    lines = captured.err.splitlines()
    assert len(lines) == len(reasons)
    for path, reason in reasons.items():
        assert any(re.fullmatch(re.escape(f"{path}: no prediction: ") + reason, line) for line in lines), (path, lines)
    assert re.fullmatch(rf"2 of 6 images predicted in \d+\.\d s \(\d+\.\d images/s\): {out}\n", captured.out)
    files = ["cat.mask.png", "cat.overlay.jpg", "class_shares.csv", "last.mask.png", "last.overlay.jpg"]
    assert _files(out) == files
    assert [line.split(",")[0] for line in (out / "class_shares.csv").read_text().splitlines()] == [
        "image",
        "cat",
        "last",
    ]


def test_exit_code_is_0_when_all_went_well(model_dir, image, tmp_path):
    assert _run("--model", model_dir.parent, "--out", tmp_path / "out", image) == 0


@pytest.mark.parametrize("other", ["folder/cat.png", "cat.jpg", "folder/CAT.JPG"])
def test_clashing_names(model_dir, image, tmp_path, other):
    with pytest.raises(UserError, match=r"cat.png and .* would both be written to .*\.mask\.png"):
        _predict(model_dir, [image, tmp_path / other], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_never_replaces_an_image(model_dir, image, tmp_path):
    other = tmp_path / "cat.overlay.jpg"
    other.write_bytes(encode(LEVELS, "JPEG"))
    with pytest.raises(UserError, match="would replace this image"):
        _predict(model_dir, [image, other], tmp_path)


@pytest.mark.parametrize("versions", [(), ("1700000000",)])
def test_no_model(image, tmp_path, versions):
    serving = tmp_path / "serving"
    for version in versions:
        (serving / version).mkdir(parents=True)
    with pytest.raises(UserError, match=r"serving: no model here; expected a run's folder.*saved_model\.pb"):
        _predict(serving, [image], tmp_path / "out")


def test_broken_model(model_dir, image, tmp_path):
    broken = tmp_path / "broken"
    (broken / "assets").mkdir(parents=True)
    (broken / "saved_model.pb").write_bytes(b"nonsense")
    with pytest.raises(UserError, match="label map"):
        _predict(broken, [image], tmp_path / "out")
    LABEL_MAP.save(broken / "assets" / "label_map.yaml")
    with pytest.raises(UserError, match="cannot load the model"):
        _predict(broken, [image], tmp_path / "out")


def test_out_is_a_file(model_dir, image, tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(UserError, match="cannot write"):
        _predict(model_dir, [image], tmp_path / "out")


def test_parser_imports_nothing_heavy():
    heavy = {"tensorflow", "numpy", "PIL", "rich"}
    code = f"import pipeline.commands.predict, sys; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
