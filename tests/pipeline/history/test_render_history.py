import re
from html.parser import HTMLParser

import pytest

from pipeline.history.render_history import render_history
from tests.pipeline.history.outcomes import THREE, TUNED, history


class Page(HTMLParser):
    """The cells of its table, the titles and attributes of its circles; every tag must be closed in its order."""

    def __init__(self, page):
        super().__init__()
        self.open, self.rows, self.circles, self.titles, self.text = [], [], [], [], ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "circle":
            self.circles.append(dict(attrs))

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data.strip()
        elif self.open[-2:] == ["circle", "title"]:
            self.titles.append(data)
        elif not {"style", "script"} & set(self.open):
            self.text = f"{self.text} {' '.join(data.split())}"


@pytest.fixture(scope="module")
def source():
    return render_history(THREE)


@pytest.fixture(scope="module")
def page(source):
    return Page(source)


def test_the_table_has_all_figures_the_newest_run_first(page):
    assert page.rows == [
        ["Run", "Ended (UTC)", "Pushed", "Mean IoU", "Change", "sky", "<b>[red]"],
        ["3", "2026-01-04 03:04", "no", "0.4500", "−0.0500", "0.9000", "–"],
        ["2", "2026-01-03 03:04", "17", "0.5000", "–", "0.6000", "0.4000"],
        ["1", "2026-01-02 03:04", "–", "–", "–", "–", "–"],
    ]


def test_what_a_tuner_has_chosen_is_in_the_table():
    assert Page(render_history(TUNED)).rows == [
        ["Run", "Ended (UTC)", "Pushed", "Mean IoU", "Change", "sky", "learning_rate (tuned)"],
        ["2", "2026-01-03 03:04", "no", "0.7500", "+0.2500", "0.7500", "0.001235"],
        ["1", "2026-01-02 03:04", "no", "0.5000", "–", "0.5000", "–"],
    ]


def test_a_point_is_full_where_the_model_was_pushed(page):
    points = [(circle["class"], circle["cx"], circle["cy"]) for circle in page.circles]
    assert points == [
        ("pushed", "50.00%", "0.00%"),  # the mean: between 0.4 and 0.5
        ("kept", "100.00%", "50.00%"),
        ("pushed", "50.00%", "60.00%"),  # sky: between 0.4 and 0.9
        ("kept", "100.00%", "0.00%"),
        ("pushed", "50.00%", "100.00%"),
    ]
    assert page.titles == [
        "Run 2, 2026-01-03 03:04 UTC: mean IoU 0.5000, pushed",
        "Run 3, 2026-01-04 03:04 UTC: mean IoU 0.4500, not pushed",
        "Run 2, 2026-01-03 03:04 UTC: IoU 0.6000, pushed",
        "Run 3, 2026-01-04 03:04 UTC: IoU 0.9000, not pushed",
        "Run 2, 2026-01-03 03:04 UTC: IoU 0.4000, pushed",
    ]


def test_the_summary_is_of_the_last_run(page):
    text = " ".join(page.text.split())
    assert "small <1> Mean IoU of run 3 0.4500 −0.0500 against run 2, 0.5000" in text
    assert "Pushed 1 run 2 the last, as version 17" in text


def test_it_asks_nothing_of_anyone_and_runs_its_own_script_only(source):
    assert not re.search(r"https?://|url\(|@import|<link|<img|\son[a-z]+=", source)
    assert source.count("<script") == 1
    assert "default-src 'none'" in source


def test_runs_that_tell_nothing():
    page = Page(render_history(history({}, classes=())))
    assert page.rows[1:] == [["1", "2026-01-02 03:04", "–", "–", "–"]]
    assert page.circles == []
    assert "Classes" not in page.text


def test_of_many_runs_some_are_numbered_and_the_last_always_is():
    source = render_history(history(*({"mean_iou": 0.5} for _ in range(20)), classes=()))
    assert re.findall(r'dy="24">(\d+)<', source) == ["2", "5", "8", "11", "14", "17", "20"]
