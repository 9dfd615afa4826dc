import copy
from html.parser import HTMLParser

import pytest

from components.report.gallery import Picture
from components.report.render import render_report
from schema.label_map import LabelMap

LABEL_MAP = LabelMap(names=("background", "<b>", "motorbike"), colors=((0, 0, 0), (18, 52, 255), (1, 2, 3)))
PICTURE = Picture("<i>&.jpg", 0.5, "data:image/jpeg;base64,AA", "data:image/png;base64,BB", "data:image/png;base64,CC")
METRICS = {
    "name": "shapes <1>",
    "split": "eval",
    "images": 40,
    "mean_iou": 0.83,
    "num_classes": 2,
    "pixel_accuracy": 0.95,
    "iou": {"background": 0.97, "<b>": 0.69, "motorbike": None},
    "baseline": {"state": "first", "version": None, "reason": None, "mean_iou": None, "iou": None},
    "verdict": {
        "blessed": True,
        "pushed": True,
        "version": "1700000123",
        "path": "runs/x/serving/1700000123",
        "rules": [
            {
                "rule": "mean IoU at least 0.75",
                "value": 0.83,
                "bound": 0.75,
                "passed": True,
                "sentence": "mean IoU 0.8300 reaches the least of 0.7500 by 0.0800",
            }
        ],
    },
}
FOUND = {
    "state": "found",
    "version": "1700000000",
    "reason": None,
    "mean_iou": 0.8,
    "iou": {"background": 0.98, "<b>": 0.69, "motorbike": 0.1},
}
NOT_BLESSED = {
    "blessed": False,
    "pushed": False,
    "version": None,
    "path": None,
    "rules": [
        {"rule": "a", "value": 0.8, "bound": 0.7, "passed": True, "sentence": "a passed by 0.1"},
        {"rule": "b", "value": None, "bound": 0.0, "passed": False, "sentence": "b is undefined"},
    ],
}
VOID_TAGS = {"meta", "img", "br", "hr", "link", "input"}


class _Page(HTMLParser):
    """Text, table rows and attributes of a page; every tag must be closed in its order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.open, self.attributes, self.texts, self.rows = page, [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []
        self.text = " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, *attribute) for attribute in attrs]
        if tag not in VOID_TAGS:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.texts.append(data)
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data.strip()


def _render(gallery=(), config_text="name: shapes\n", **changes) -> _Page:
    return _Page(render_report({**copy.deepcopy(METRICS), **changes}, gallery, LABEL_MAP, config_text))


def test_asks_nothing_of_anyone():
    page = _render([PICTURE], baseline=FOUND)
    assert "http://" not in page.page
    assert "https://" not in page.page
    assert "url(" not in page.page
    assert "@import" not in page.page
    assert not {tag for tag, _, _ in page.attributes} & {"script", "link", "iframe"}
    sources = [value for _, name, value in page.attributes if name in ("src", "href", "srcset", "data", "poster")]
    assert sources == [PICTURE.image, PICTURE.truth, PICTURE.prediction]


def test_is_a_whole_accessible_page():
    page = _render([PICTURE])
    assert page.page.startswith("<!doctype html>\n")
    assert ("html", "lang", "en") in page.attributes
    assert "shapes <1>: Pushed as version 1700000123" in page.text
    assert len([name for tag, name, value in page.attributes if tag == "img" and name == "alt" and value]) == 3
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value for _, name, value in page.attributes if name == "aria-labelledby"} <= set(ids)


def test_escapes_every_text():
    incompatible = {"state": "incompatible", "version": "<u>", "reason": "<s>"}
    rules = [{**METRICS["verdict"]["rules"][0], "sentence": "<q>"}]
    verdict = {**METRICS["verdict"], "path": "<em>", "rules": rules}
    page = _render([PICTURE], "a: </pre><script>", baseline=incompatible, verdict=verdict)
    for text in ("<b>", "<i>&.jpg", "<u>", "<s>", "<q>", "<em>", "shapes <1>", "a: </pre><script>"):
        assert text in page.text, text
        assert text not in page.page, text


def test_pushed():
    text = _render().text
    assert "✓ Pushed as version 1700000123" in text
    assert "✓ Passed: mean IoU 0.8300 reaches the least of 0.7500 by 0.0800" in text
    assert "runs/x/serving/1700000123" in text
    assert "✗" not in text


def test_not_blessed():
    text = _render(verdict=NOT_BLESSED, baseline=FOUND).text
    assert "✗ Not blessed" in text
    assert "1 of 2 rules failed. Nothing was pushed; version 1700000000 stays." in text
    assert "✓ Passed: a passed by 0.1" in text
    assert "✗ Failed: b is undefined" in text
    assert "Pushed as" not in text


def test_blessed_but_not_pushed():
    verdict = {**METRICS["verdict"], "pushed": False, "version": None, "path": None}
    text = _render(verdict=verdict).text
    assert "Blessed, not pushed" in text
    assert "The only rule passed. The model may be pushed, but was not." in text


def test_verdict_comes_before_the_scores():
    text = _render([PICTURE]).text
    marks = ["Pushed as version 1700000123 The only", "Mean IoU 0.8300", "Class IoU", "Truth", "name: shapes"]
    assert sorted(marks, key=text.index) == marks


def test_headline_figures():
    text = _render().text
    assert "Classes averaged 2 of 3 Pixel accuracy 0.9500 Images 40 eval split" in text


def test_first_run():
    page = _render()
    assert "this is the first run" in page.text
    assert page.rows == [
        ["Class", "IoU"],
        ["background", "0.9700"],
        ["<b>", "0.6900"],
        ["motorbike", "undefined (absent)"],
    ]


def test_incompatible_baseline():
    text = _render(baseline={"state": "incompatible", "version": "1700000000", "reason": "it has 21 classes"}).text
    assert "No baseline: version 1700000000 is incompatible: it has 21 classes" in text
    assert "Change" not in text


def test_found_baseline():
    page = _render(baseline=FOUND)
    assert "+0.0300 against the baseline’s 0.8000 (version 1700000000)" in page.text
    assert page.rows == [
        ["Class", "IoU", "Baseline", "Change"],
        ["background", "0.9700", "0.9800", "−0.0100"],
        ["<b>", "0.6900", "0.6900", "±0.0000"],
        ["motorbike", "undefined (absent)", "0.1000", "–"],
    ]


def test_baseline_without_a_class_it_does_not_define():
    page = _render(baseline={**FOUND, "iou": {**FOUND["iou"], "background": None}})
    assert page.rows[1] == ["background", "0.9700", "undefined", "–"]


def test_undefined_scores():
    nothing = dict.fromkeys(LABEL_MAP.names)
    page = _render(
        [Picture("void.png", None, "", "", "")], mean_iou=None, pixel_accuracy=None, iou=nothing, num_classes=0
    )
    assert "Mean IoU undefined" in page.text
    assert "void.png IoU undefined" in page.text
    assert [row[1] for row in page.rows[1:]] == ["undefined (absent)"] * 3


def test_legend_and_swatches_have_the_dataset_colours():
    page = _render([PICTURE])
    colors = [value for _, name, value in page.attributes if name == "style" and "background" in value]
    of_classes = ["background:#000000", "background:#1234ff", "background:#010203"]
    assert colors == [*of_classes, *of_classes, "background:#ffffff"]


def test_without_examples_there_is_no_strip():
    assert "Examples" not in _render().text


@pytest.mark.parametrize("missing", ["mean_iou", "verdict"])
def test_missing_metrics_are_an_error(missing):
    metrics = {key: value for key, value in METRICS.items() if key != missing}
    with pytest.raises(KeyError, match=missing):
        render_report(metrics, [], LABEL_MAP, "")
