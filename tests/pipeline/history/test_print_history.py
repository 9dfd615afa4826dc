import pytest

from pipeline.cli import main
from pipeline.history.print_history import print_history
from tests.pipeline.history.outcomes import THREE, TUNED
from tests.pipeline.record_run import record_run


@pytest.fixture
def printed(monkeypatch, capsys):
    """The cells of what is printed on a terminal of some width, and the lines under the table."""

    def show(width, history=THREE):
        monkeypatch.setenv("COLUMNS", str(width))
        print_history(history)
        lines = capsys.readouterr().out.splitlines()
        rows = [
            [cell.strip() for cell in line.strip("│┃").replace("┃", "│").split("│")]
            for line in lines
            if line[0] in "│┃"
        ]
        return rows, lines[-1]

    return show


def test_a_column_for_each_run(printed):
    rows, _ = printed(80)
    assert rows == [
        ["", "1", "2", "3"],
        ["", "2026-01-02", "2026-01-03", "2026-01-04"],
        ["run", "03:04 UTC", "03:04 UTC", "03:04 UTC"],
        ["sky", "–", "0.6000", "0.9000"],
        ["<b>[red]", "–", "0.4000", "–"],
        ["mean IoU", "–", "0.5000", "0.4500"],
        ["pushed", "–", "17", "no"],
    ]


def test_what_a_tuner_has_chosen_comes_last(printed):
    rows, _ = printed(80, TUNED)
    assert rows[3:] == [
        ["sky", "0.5000", "0.7500"],
        ["mean IoU", "0.5000", "0.7500"],
        ["pushed", "no", "no"],
        ["learning_rate", "–", "0.001235"],
    ]


@pytest.mark.parametrize("width", [20, 30])
def test_a_narrow_terminal_has_room_for_the_last_runs(printed, width):
    rows, last = printed(width)
    assert rows[0] == ["", "3"]
    assert last == "the last 1 of 3 runs"


def test_the_command_prints_the_table_and_the_page_it_wrote(tmp_path, capsys):
    record_run(tmp_path / "run", {"mean_iou": 0.5, "iou": {"sky": 0.5}, "verdict": {"pushed": True, "version": "17"}})
    assert main(["history", str(tmp_path / "run")]) == 0
    said = capsys.readouterr()
    assert "│ mean IoU │     0.5000 │" in said.out
    assert said.out.splitlines()[-1] == str(tmp_path / "run" / "history.html")
    assert said.err == ""
    assert "Mean IoU of run 1" in (tmp_path / "run" / "history.html").read_text()


def test_the_command_refuses_what_is_no_run(tmp_path, capsys):
    assert main(["history", str(tmp_path), "--out", str(tmp_path / "page.html")]) == 1
    assert "is no run: it has no metadata.sqlite; name the run_dir" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
