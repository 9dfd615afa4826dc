import argparse
import subprocess
import sys

import pytest

from datasets.add_arguments import add_convert_parser, add_shapes_parser
from schema.user_error import UserError


@pytest.fixture
def parser():
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    add_convert_parser(subparsers)
    add_shapes_parser(subparsers)
    return parser


def test_help_needs_nothing_heavy():
    heavy = {"numpy", "scipy", "tensorflow", "apache_beam", "PIL"}
    code = f"import sys, datasets.add_arguments; print({heavy} & {{*sys.modules}})"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


def test_shapes_writes_a_dataset(parser, tmp_path, capsys):
    args = parser.parse_args(f"shapes --out {tmp_path / 'out'} --train 3 --val 2 --seed 9 --shards 2".split())
    assert args.handler(args) == 0
    assert len(list((tmp_path / "out").glob("train-0000?-of-00002.tfrecord"))) == 2
    captured = capsys.readouterr()
    assert captured.out.count("\n") == 1
    assert "train 3 images in 2 shards" in captured.out
    assert captured.err == ""


def test_what_follows_two_dashes_is_beams(parser, tmp_path):
    line = f"shapes --train 1 --val 1 --out {tmp_path / 'out'} --overwrite --"
    args = parser.parse_args([*line.split(), "--direct_running_mode=in_memory", "--direct_num_workers=1"])
    assert args.beam_args == ["--direct_running_mode=in_memory", "--direct_num_workers=1"]
    assert args.handler(args) == 0
    args = parser.parse_args([*line.split(), "--runner=NoSuchRunner"])
    with pytest.raises(UserError, match=r"Beam does not take the options --runner=NoSuchRunner: .*NoSuchRunner"):
        args.handler(args)


@pytest.mark.parametrize(
    ("stray", "message"),
    [
        (["extra"], "unrecognized arguments: extra"),
        (["--", "--runner", "Direct"], "unexpected 'Direct': Beam's options follow a --, each as --name=value"),
        (["--runner=Direct"], "unrecognized arguments: --runner=Direct"),
    ],
)
def test_nothing_stray_is_taken_for_beams(parser, tmp_path, capsys, stray, message):
    with pytest.raises(SystemExit):
        parser.parse_args(["shapes", "--out", str(tmp_path), *stray])
    assert message in capsys.readouterr().err


def test_bad_input_is_told_before_anything_is_read(parser, tmp_path):
    for line, message in (
        (f"convert voc --voc-root {tmp_path / 'none'} --out {tmp_path / 'out'}", "none: no such folder"),
        (f"convert camvid --root {tmp_path / 'none'} --out {tmp_path / 'out'}", "none/trainannot: no such folder"),
        (f"convert folder --label-map {tmp_path / 'none'} --out {tmp_path / 'out'}", "none: cannot read the label map"),
        (f"shapes --train 0 --out {tmp_path / 'out'}", "train split needs at least 1"),
        (f"shapes --out {__file__}", "is a file"),
    ):
        args = parser.parse_args(line.split())
        with pytest.raises(UserError, match=message):
            args.handler(args)


def test_a_dataset_must_be_named(parser, capsys):
    with pytest.raises(SystemExit):
        parser.parse_args(["convert"])
    assert "DATASET" in capsys.readouterr().err
