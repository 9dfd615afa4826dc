import argparse

import pytest

from datasets.take_beam_args import take_beam_args


@pytest.fixture
def parser():
    parser = argparse.ArgumentParser()
    subparser = parser.add_subparsers(required=True).add_parser("work")
    subparser.add_argument("inputs", nargs="+")
    subparser.add_argument("--out")
    take_beam_args(subparser)
    return parser


@pytest.mark.parametrize("own", [["a", "b", "--out", "o"], ["--out", "o", "a", "b"]])
@pytest.mark.parametrize("beam", [[], ["--runner=FlinkRunner", "--streaming"]])
@pytest.mark.parametrize("dashes", [True, False])
def test_wherever_the_inputs_are(parser, own, beam, dashes):
    args = parser.parse_args(["work", *own, *["--"] * (dashes or bool(beam)), *beam])
    assert (args.inputs, args.out, args.beam_args) == (["a", "b"], "o", beam)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a -- --runner Flink", "unexpected 'Flink': Beam's options follow a --, each as --name=value"),
        ("a -- -x", "unexpected '-x'"),
        ("a --runner=Flink", "unrecognized arguments: --runner=Flink"),
        ("-- --runner=Flink", "required: inputs"),
    ],
)
def test_what_is_wrong_is_told(parser, capsys, line, message):
    with pytest.raises(SystemExit):
        parser.parse_args(["work", *line.split()])
    assert message in capsys.readouterr().err
