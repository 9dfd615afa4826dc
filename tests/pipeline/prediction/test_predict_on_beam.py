"""`segpipe predict` by Beam's workers: as without them, to the byte."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from pipeline.cli import main
from pipeline.prediction.predict import Predictions, predict
from schema.user_error import UserError
from tests.components.report.fake_model import LABEL_MAP, encode, save_fake_model
from tests.pipeline.beam.impostors import nobody
from tests.pipeline.prediction.records import record, write_records

THREADS = ["--direct_num_workers=2"]
PROCESSES = ["--runner=DirectRunner", "--direct_num_workers=2", "--direct_running_mode=multi_processing"]


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory):
    return save_fake_model(tmp_path_factory.mktemp("serving") / "1700000000", tmp_path_factory.mktemp("scratch"))


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """A folder: twenty images, one of them deeper, two TFRecord shards that begin alike, and five bad ones."""
    folder = tmp_path_factory.mktemp("scene")
    random = np.random.default_rng(1)
    (folder / "photos" / "street").mkdir(parents=True)
    for index in range(20):
        levels = random.integers(0, 256, (5 + index, 9))
        (folder / "photos" / f"{'street/' * (index == 7)}{index:02}.png").write_bytes(encode(levels))
    (folder / "photos" / "05b.png").write_text("not an image")
    (folder / "photos" / "17b.jpg").write_bytes(encode(random.integers(0, 256, (64, 64)), "JPEG")[:900])
    Image.new("RGB", (2, 2), (255, 0, 0)).save(folder / "photos" / "18b.png")  # which the model refuses
    # A name of its own, another image's, none, a bad image, and the first again.
    for shard, levels in enumerate(([0], [150])):
        images = [encode([levels * 4])] * 5 + [b"GIF89a"]
        names = [b"own.jpg", b"03.jpg", None, None, b"own.jpg", b"bad.gif"]
        records = [record(image, name=name) for image, name in zip(images, names, strict=True)]
        write_records(folder / f"val.tfrecord-0000{shard}-of-00002", records)
    return folder


def _contents(folder) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _same(model_dir, scene, tmp_path, capfd, monkeypatch, *beam: str) -> None:
    """Predicts with and without Beam, by paths that are seen from a folder, and compares all that there is."""
    monkeypatch.chdir(scene)
    asked = ["predict", "--model", str(model_dir), "photos", "val.tfrecord-00000-of-00002"]
    asked += ["val.tfrecord-00001-of-00002", "missing.png", "missing.tfrecord"]
    told = []
    for out, options in (("alone", []), ("beam", ["--", *beam])):
        assert main([*asked, "--out", str(tmp_path / out), *options]) == 1
        printed = capfd.readouterr()
        told.append((printed.out.partition(" images predicted in ")[0], printed.err))
    assert told[0][0] == "30 of 37" and len(told[0][1].splitlines()) == 7
    assert told[0] == told[1]
    alone, beam_files = _contents(tmp_path / "alone"), _contents(tmp_path / "beam")
    assert len(alone) == 2 * 30 + 1
    assert alone == beam_files
    names = [line.split(",")[0] for line in alone["class_shares.csv"].decode().splitlines()]
    assert names[-10:] == [
        *("own", "val-000001", "val-000002", "val-000003", "val-000004"),
        *("val-000000", "val-000001-2", "val-000002-2", "val-000003-2", "val-000004-2"),
    ]


def test_threads_do_what_one_does(model_dir, scene, tmp_path, capfd, monkeypatch):
    _same(model_dir, scene, tmp_path, capfd, monkeypatch, *THREADS)


@pytest.mark.slow
def test_processes_do_what_one_does(model_dir, scene, tmp_path, capfd, monkeypatch):
    _same(model_dir, scene, tmp_path, capfd, monkeypatch, *PROCESSES)


def _predict(model, images, out, beam=THREADS) -> Predictions:
    return predict(model, list(map(str, images)), out, beam)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--runner=None_Such", "Beam does not take the options --runner=None_Such: .*None_Such"),
        ("--direct_num_workers=x", "Beam does not take .*num_workers: invalid int"),
    ],
)
def test_options_that_beam_does_not_take(model_dir, scene, tmp_path, option, told):
    with pytest.raises(UserError, match=told):
        _predict(model_dir, [scene / "photos"], tmp_path / "out", [option])
    assert list(tmp_path.iterdir()) == []


def test_workers_that_are_not_there(model_dir, scene, tmp_path):
    with nobody() as address, pytest.raises(UserError, match=rf"no Beam job service at {address}"):
        _predict(
            model_dir, [scene / "photos"], tmp_path / "out", ["--runner=PortableRunner", f"--job_endpoint={address}"]
        )
    assert list((tmp_path / "out").iterdir()) == []


def test_a_model_that_workers_cannot_load(scene, tmp_path):
    broken = tmp_path / "broken"
    (broken / "assets").mkdir(parents=True)
    (broken / "saved_model.pb").write_bytes(b"nonsense")
    LABEL_MAP.save(broken / "assets" / "label_map.yaml")
    with pytest.raises(UserError, match="broken: cannot load the model"):
        _predict(broken, [scene / "photos"], tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_place_where_workers_cannot_write(model_dir, scene, tmp_path):
    (tmp_path / "out" / "03.mask.png").mkdir(parents=True)
    with pytest.raises(UserError, match=r"out/03\.mask\.png: cannot write"):
        _predict(model_dir, [scene / "photos"], tmp_path / "out")
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert "02.mask.png" in left
    assert not [name for name in left if name.startswith(".") or name == "class_shares.csv"]
