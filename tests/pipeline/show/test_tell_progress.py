from pipeline.show import tell_progress as module
from pipeline.show.tell_progress import tell_progress


def test_what_is_quick_says_nothing(capsys):
    assert list(tell_progress("abc", "train")) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""


def test_what_takes_long_says_how_far_it_is(monkeypatch, capsys):
    seconds = iter((0.0, 2.0, 3.5, 3.5, 4.0, 7.0, 7.0))
    monkeypatch.setattr(module.time, "monotonic", lambda: next(seconds))
    assert list(tell_progress("abcd", "train")) == ["a", "b", "c", "d"]
    assert capsys.readouterr().err == "train: 2 records …\ntrain: 4 records …\n"


def test_on_a_terminal_there_is_one_line_and_in_the_end_none(monkeypatch, capsys):
    seconds = iter((0.0, 4.0, 4.0, 9.0, 9.0))
    monkeypatch.setattr(module.time, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(module.sys.stderr, "isatty", lambda: True)
    list(tell_progress("ab", "val"))
    assert capsys.readouterr().err == "val: 1 records …\rval: 2 records …\r\x1b[2K\r"
