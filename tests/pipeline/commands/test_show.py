"""`segpipe show`, in this process: what it writes, prints and refuses."""

from __future__ import annotations

import pytest
import yaml

from datasets.shapes import SHAPES_LABEL_MAP, shapes_samples
from datasets.write_records import write_records
from pipeline.cli import main
from tests.components.segmentation_example_gen.records import GOOD, LABEL_MAP, example, write


@pytest.fixture
def folder(tmp_path):
    """Two images to train on, one to evaluate on, and a record that is none."""
    folder = tmp_path / "mine"
    folder.mkdir()
    write(folder / "train-0.tfrecord", [example(GOOD), b"nonsense"])
    write(folder / "train-1.tfrecord", [example(GOOD)], "GZIP")
    write(folder / "val-0.tfrecord", [example(GOOD)])
    LABEL_MAP.save(folder / "label_map.yaml")
    return folder


def refusal(capsys, *arguments) -> str:
    assert main(["show", *map(str, arguments)]) == 1
    said = capsys.readouterr()
    assert not said.out and said.err.startswith("segpipe: ")
    return said.err.removeprefix("segpipe: ").rstrip("\n")


def test_data(folder, tmp_path, capsys):
    assert main(["show", "data", str(folder)]) == 0
    page = tmp_path / "mine.html"
    assert capsys.readouterr().out.splitlines() == [
        "train: 2 images, 1 record that cannot be used",
        "val: 1 image",
        str(page),
    ]
    text = page.read_text()
    assert "<title>mine: data</title>" in text and text.count("data:image/jpeg") == 6
    assert "<td>train-0.tfrecord</td>" in text
    again = tmp_path / "again.html"
    assert main(["show", "data", str(folder), "--out", str(again)]) == 0
    assert again.read_bytes() == page.read_bytes()


def test_data_of_other_names(folder, tmp_path, capsys):
    (folder / "label_map.yaml").rename(tmp_path / "classes.yaml")
    arguments = ["--label-map", tmp_path / "classes.yaml", "--split", "all=*.tfrecord", "--limit", 1, "--examples", 0]
    assert main(["show", "data", str(folder), "--out", str(tmp_path / "new" / "a.html"), *map(str, arguments)]) == 0
    assert capsys.readouterr().out == f"all: 1 image\n{tmp_path}/new/a.html\n"
    text = (tmp_path / "new" / "a.html").read_text()
    assert "data:image" not in text.partition("<main>")[2] and "only the first 1 of its records" in text


@pytest.mark.parametrize("value", ["train", "train=", "=train-*", "train=/data/train-*"])
def test_a_split_is_a_name_and_a_pattern(folder, value, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["show", "data", str(folder), "--split", value])
    assert caught.value.code == 1
    assert f"{value!r} is not NAME=PATTERN, as in train=train-*" in capsys.readouterr().err


def test_what_is_refused(folder, tmp_path, capsys, run_config):
    assert refusal(capsys, "data", tmp_path / "no").startswith(f"no folder {tmp_path}/no; name one of TFRecords")
    assert refusal(capsys, "data", folder, "--examples", 51) == "--examples 51: expected 0 to 50"
    assert refusal(capsys, "data", folder, "--limit", 0) == "--limit 0: expected 1 or more"
    assert refusal(capsys, "data", folder, "--out", folder / "val-0.tfrecord" / "a.html").endswith(
        "cannot write: File exists; choose another --out"
    )
    (folder / "label_map.yaml").unlink()
    assert refusal(capsys, "data", folder) == (
        f"no label map {folder}/label_map.yaml; write one (the converters do), or name another with --label-map FILE"
    )
    assert refusal(capsys, "training", run_config, "--examples", 0) == "--examples 0: expected 1 to 50"
    assert refusal(capsys, "training", run_config, "--seeds", 21) == "--seeds 21: expected 0 to 20"
    assert "did you mean steps?" in refusal(capsys, "training", run_config, "--set", "training.stpes=5")
    data = run_config.parent / "data"  # its files hold no records
    assert refusal(capsys, "training", run_config) == (
        f"data.train: none of the first records can be used; segpipe show data {data} says why"
    )
    assert not list(tmp_path.rglob("*.html"))


@pytest.mark.slow
def test_training(tmp_path, capsys):
    write_records(shapes_samples(train=3, val=1), SHAPES_LABEL_MAP, tmp_path / "data")
    config = tmp_path / "run.yaml"
    values = {
        "name": "small",
        "run_dir": str(tmp_path / "run"),
        "data": {"path": str(tmp_path / "data")},
        "model": {"weights": "none", "input_size": 64},
        "augment": {"scale": [0.5, 2.0], "crop": True},
        "evaluation": {"gate": {"min_mean_iou": 0.5}},
    }
    config.write_text(yaml.safe_dump(values))
    capsys.readouterr()
    assert main(["show", "training", str(config), "--examples", "2", "--seeds", "3"]) == 0
    page = tmp_path / "run" / "training.html"
    assert capsys.readouterr().out == f"{page}\n"
    text = page.read_text()
    assert "small at 64×64 pixels" in text and text.count('<img src="data:image/jpeg') == 2 * (1 + 3)
    assert main(["show", "training", str(config), "--examples", "2", "--seeds", "3", "--out", f"{page}.2"]) == 0
    assert (tmp_path / "run" / "training.html.2").read_text() == text
