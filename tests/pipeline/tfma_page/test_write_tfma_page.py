import shutil

import pytest

from pipeline.cli import main
from tests.pipeline.record_run import SETTINGS, record_run
from tests.pipeline.tfma_page.evaluation import metrics, write_evaluation


@pytest.fixture
def run_dir(tmp_path):
    """Two runs, the first as an older version of the code left it."""
    older = {key: value for key, value in SETTINGS.items() if key != "split"}
    for number, settings in ((1, older), (2, SETTINGS)):
        evaluation = write_evaluation(tmp_path / f"evaluation-{number}", [metrics(("mean_iou", None, number / 4))])
        record_run(tmp_path / "run", evaluation=evaluation, settings=settings)
    return tmp_path / "run"


def test_the_page_of_the_last_run_lies_in_the_runs_folder(run_dir, capsys):
    assert main(["tfma", str(run_dir)]) == 0
    assert capsys.readouterr() == (f"{run_dir / 'tfma.html'}\n", "")
    page = (run_dir / "tfma.html").read_text()
    assert "Run 2, " in page
    assert '"doubleValue": 0.5' in page


def test_an_earlier_run_and_another_place(run_dir, tmp_path, capsys):
    out = tmp_path / "elsewhere" / "page.html"
    assert main(["tfma", str(run_dir), "--run", "1", "--out", str(out)]) == 0
    page = out.read_text()
    assert "Run 1, " in page
    assert '"doubleValue": 0.25' in page
    assert not (run_dir / "tfma.html").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "nowhere is no run: it has no metadata.sqlite; name the run_dir of a configuration"),
        (["run", "--run", "3"], "has no run 3"),
        (["run", "--run", "2"], "evaluation-2; run the pipeline again"),
    ],
)
def test_what_cannot_be_shown_is_said_in_plain_words(run_dir, tmp_path, arguments, words, capsys):
    shutil.rmtree(tmp_path / "evaluation-2")
    folder, *others = arguments
    assert main(["tfma", str(tmp_path / folder), *others]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("segpipe: ")
    assert words in said.err
    assert not list(tmp_path.glob("**/*.html*"))
