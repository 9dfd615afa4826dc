"""What docs/datasets.md shows is what works."""

import argparse
import re
import runpy
import shlex

import numpy as np
from PIL import Image

from datasets.add_arguments import add_convert_parser
from tests.conftest import ROOT
from tests.datasets.records import mask_of, records, text

PAGE = (ROOT / "docs" / "datasets.md").read_text(encoding="utf-8")


def test_the_worked_example_converts_a_dataset(tmp_path, monkeypatch):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code.count("\n") < 40
    (tmp_path / "pets.py").write_text(code)
    for folder in ("images", "annotations/trimaps"):
        (tmp_path / "pets" / folder).mkdir(parents=True)
    for split, stem in (("trainval", "Abyssinian_1"), ("test", "pug_2")):
        (tmp_path / f"pets/annotations/{split}.txt").write_text(f"{stem} 1 1 1\n")
        Image.new("RGB", (3, 1)).save(tmp_path / f"pets/images/{stem}.jpg")
        Image.fromarray(np.array([[1, 2, 3]], np.uint8)).save(tmp_path / f"pets/annotations/trimaps/{stem}.png")
    monkeypatch.setattr("sys.argv", ["pets.py", str(tmp_path / "pets"), str(tmp_path / "out")])
    runpy.run_path(str(tmp_path / "pets.py"), run_name="__main__")
    for split, name in (("train", "Abyssinian_1.jpg"), ("val", "pug_2.jpg")):
        ((found, features),) = records(tmp_path / "out", split).items()
        assert (found, text(features["image/source"])) == (name, "pets")
        assert mask_of(features).tolist() == [[1, 0, 255]]


def test_every_command_is_understood():
    parser = argparse.ArgumentParser()
    add_convert_parser(parser.add_subparsers())
    lines = re.findall(r"^segpipe convert [a-z](?:.*\\\n)*.*", PAGE, re.MULTILINE)
    parsed = [parser.parse_args(shlex.split(line.replace("\\\n", " "))[1:]) for line in lines]
    assert [args.dataset for args in parsed] == ["voc", "voc", "camvid", "folder", "folder", "folder", "folder", "voc"]
    assert parsed[4].void_ids == (0, 1, 2, 3, 4, 5, 6, 9, 10, 14, 15, 16, 18, 29, 30)
    assert parsed[6].split == [("train", "train2017"), ("val", "val2017")]
    assert parsed[7].beam_args == ["--runner=FlinkRunner", "--flink_master=host:8081"]
