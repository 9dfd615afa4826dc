import base64
import copy
import hashlib
import math
import re
from html.parser import HTMLParser

import pytest

from components.report.gallery import Gallery, Picture
from components.report.render import render_report
from components.report.training_curve import training_curve
from schema.label_map import LabelMap

LABEL_MAP = LabelMap(names=("background", "<b>", "motorbike"), colors=((0, 0, 0), (18, 52, 255), (1, 2, 3)))
PICTURE = Picture("<i>&.jpg", 0.5, *(f"data:image/png;base64,{letter}" for letter in "ABCD"))
GALLERY = Gallery({"good": [PICTURE], "average": [], "failed": []}, [("<i>&.jpg", 0.5)])
LINEAGE = {"versions": {"TFX": "1.16.0"}, "artifacts": {"Model <7>": "/root/<a>"}}
CONFUSION = [[970, 10, 20, 0], [31, 69, 0, 0], [0, 0, 0, 0]]
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
DATA = {
    "splits": {
        "train": {
            "images": 40,
            "width": [96, 155, 240],
            "height": [90, 150, 230],
            "void_fraction": 0.0512,
            "sources": {"voc <1>": 30, "sbd": 10},
            "sizes": {"up to 256": 40},
            "class_images": {"background": 40, "<b>": 10, "motorbike": 0},
        }
    },
    "anomalies": [],
    "records": {"train": {"good": 40, "bad": 0, "reasons": {}, "examples": [], "notes": {}}},
    "leaks": {
        "images": {"train": 40},
        "flat": {"train": 0},
        "distance": 4,
        **{
            kind: {"count": 0, "pairs": []}
            for kind in ("shared_names", "shared_pixels", "near_duplicates", "repeated_names", "repeated_pixels")
        },
        "uncompared": 0,
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
        self.page, self.open, self.attributes, self.texts, self.tables = page, [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []
        self.text = " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, *attribute) for attribute in attrs]
        if tag not in VOID_TAGS:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    @property
    def rows(self) -> list[list[str]]:
        return self.tables[0]

    def values(self, name: str) -> list[str]:
        """Of an attribute, everywhere."""
        return [value for _, key, value in self.attributes if key == name]

    def handle_data(self, data):
        if "style" in self.open or "script" in self.open:
            return
        self.texts.append(data)
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data.strip()


def _render(gallery=Gallery(), config_text="name: shapes\n", lineage=None, **changes) -> _Page:  # noqa: B008
    return _Page(render_report({**copy.deepcopy(METRICS), **changes}, gallery, LABEL_MAP, config_text, lineage))


def test_asks_nothing_of_anyone():
    page = _render(GALLERY, baseline=FOUND, confusion=CONFUSION, lineage=LINEAGE)
    assert "http://" not in page.page
    assert "https://" not in page.page
    assert "url(" not in page.page
    assert "@import" not in page.page
    assert not {tag for tag, _, _ in page.attributes} & {"link", "iframe", "base", "form", "object"}
    sources = [value for _, name, value in page.attributes if name in ("src", "href", "srcset", "data", "poster")]
    assert sources == [PICTURE.image, PICTURE.truth, PICTURE.prediction, PICTURE.difference]


def test_runs_its_own_script_only():
    page = _render(GALLERY).page
    (policy,) = re.findall('http-equiv="Content-Security-Policy" content="(.*?)"', page)
    (script,) = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert page.count("<script") == 1
    assert not re.search(r"<[^>]*\son[a-z]+=", page)


def test_is_a_whole_accessible_page():
    page = _render(GALLERY)
    assert page.page.startswith("<!doctype html>\n")
    assert ("html", "lang", "en") in page.attributes
    assert "shapes <1>: Pushed as version 1700000123" in page.text
    assert len([name for tag, name, value in page.attributes if tag == "img" and name == "alt" and value]) == 4
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value for _, name, value in page.attributes if name == "aria-labelledby"} <= set(ids)


def test_escapes_every_text():
    incompatible = {"state": "incompatible", "version": "<u>", "reason": "<s>"}
    rules = [{**METRICS["verdict"]["rules"][0], "sentence": "<q>"}]
    verdict = {**METRICS["verdict"], "path": "<em>", "rules": rules}
    slices = [{"slice": {"<f>": "<v>"}, "images": 1, "mean_iou": 0.5}]
    page = _render(
        GALLERY,
        "a: </pre><script>",
        LINEAGE,
        baseline=incompatible,
        verdict=verdict,
        confusion=CONFUSION,
        slices=slices,
    )
    for text in (
        "<f>",
        "<v>",
        "Model <7>",
        "/root/<a>",
        "<b>",
        "<i>&.jpg",
        "<u>",
        "<s>",
        "<q>",
        "<em>",
        "shapes <1>",
        "a: </pre><script>",
    ):
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
    text = _render(GALLERY).text
    marks = ["Pushed as version 1700000123 The only", "Mean IoU 0.8300", "Class IoU", "Truth", "name: shapes"]
    assert sorted(marks, key=text.index) == marks


def test_headline_figures():
    text = _render().text
    assert "Classes averaged 2 of 3 Pixel accuracy 0.9500 Images 40 eval split" in text


def test_first_run():
    page = _render()
    assert "no other model was pushed before" in page.text
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
    void = Gallery({"good": [], "average": [], "failed": []}, [("void.png", math.nan)])
    page = _render(void, mean_iou=None, pixel_accuracy=None, iou=nothing, num_classes=0)
    assert "Mean IoU undefined" in page.text
    assert "Predictions" not in page.text
    assert [row[1] for row in page.rows[1:]] == ["undefined (absent)"] * 3


def test_optional_scores():
    recall = {"background": 0.99, "<b>": None, "motorbike": None}
    page = _render(baseline={**FOUND, "fw_iou": 0.9}, fw_iou=0.92, mean_accuracy=0.8, recall=recall)
    assert "Mean accuracy 0.8000 Frequency-weighted IoU 0.9200 +0.0200 against 0.9000" in page.text
    assert "Foreground" not in page.text
    assert [row[-1] for row in page.rows] == ["Recall", "0.9900", "–", "–"]


def test_interval():
    assert "95 % interval" not in _render().text
    assert "95 % interval 0.8000 to 0.8600" in _render(mean_iou_interval=[0.8, 0.86]).text


def test_what_a_tuner_has_chosen_is_told_with_the_configuration():
    text = _render(hyperparameters={"learning_rate": 0.0125, "dice": 1.0}).text
    told = "The tuner has chosen other values of training , which the model was trained with:"
    assert f"Configuration {told} learning_rate 0.0125 dice 1.0 name: shapes" in text
    assert "tuner" not in _render().text


def test_tables_hold_what_they_sort_by():
    """Undefined cells hold nothing; changes are as shown, so that equal ones are equal."""
    page = _render(baseline=FOUND)
    values = ["background", "0.97", "0.98", "-0.01", "<b>", "0.69", "0.69", "0.0", "motorbike", "0.1"]
    assert page.values("data-value") == values
    assert "aria-sort" not in page.page.partition("<body>")[2].partition("<script>")[0]


def test_confusion():
    page = _render(confusion=CONFUSION)
    assert page.tables[1] == [
        ["", "background", "<b>", "motorbike"],
        ["background", "97", "1", "2"],
        ["<b>", "31", "69", ""],
        ["motorbike", "", "", ""],
    ]
    assert "<b> predicted as background: 31 of 100 pixels, 31.00%" in page.values("title")
    assert "--v:0.310" in page.values("style")
    assert "Confusion" not in _render().text


def test_slices():
    slices = [
        {"slice": {"image/source": "voc"}, "images": 30, "mean_iou": 0.8, "pixel_accuracy": 0.9},
        {"slice": {"class/present": "a", "image/source": "b"}, "images": 2, "mean_iou": None},
    ]
    assert _render(slices=slices).tables[1] == [
        ["Feature", "Value", "Images", "Mean IoU", "Pixel accuracy"],
        ["image/source", "voc", "30", "0.8000", "0.9000"],
        ["class/present and image/source", "a and b", "2", "undefined", "undefined"],
    ]
    assert "Slices" not in _render(slices=[]).text


def test_predictions_from_good_to_failed():
    names = iter(["a.png", "b.png", "c.png", "d.png"])
    pictures = {
        group: [Picture(next(names), score, *["data:,"] * 4) for score in scores]
        for group, scores in {"good": [0.9, 0.8], "average": [0.6], "failed": [0.1]}.items()
    }
    scores = [(name, score) for name, score in zip("abcde", (0.9, 0.8, 0.6, 0.1, math.nan), strict=True)]
    page = _render(Gallery(pictures, scores))
    order = [
        "Good",
        "a.png IoU 0.9000",
        "b.png IoU 0.8000",
        "Average",
        "c.png IoU 0.6000",
        "Failed",
        "d.png IoU 0.1000",
    ]
    assert sorted(order, key=page.text.index) == order
    assert "0.6000 ± 0.3082 (mean and standard deviation over 4 images; median 0.7000)" in page.text
    assert "1 without a labelled pixel has none." in page.text
    (chart,) = [value for value in page.values("aria-label") if "0.05" in value]
    assert chart.endswith("0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0")


def test_lineage():
    assert "Lineage TFX 1.16.0 Model <7> /root/<a>" in _render(lineage=LINEAGE).text
    assert "Lineage" not in _render().text


def test_legend_and_swatches_have_the_dataset_colours():
    page = _render(GALLERY)
    colors = [value for value in page.values("style") if "background" in value]
    of_classes = ["background:#000000", "background:#1234ff", "background:#010203"]
    assert colors == [*of_classes, *of_classes, "background:#ffffff", "background:#ffb000"]


def test_without_examples_there_are_no_predictions():
    assert "Predictions" not in _render().text


@pytest.mark.parametrize("missing", ["mean_iou", "verdict"])
def test_missing_metrics_are_an_error(missing):
    metrics = {key: value for key, value in METRICS.items() if key != missing}
    with pytest.raises(KeyError, match=missing):
        render_report(metrics, Gallery(), LABEL_MAP, "")


def test_data():
    page = _render(data=DATA)
    facts, classes = page.tables[-2:]
    assert ["Width, pixels", "96 to 240, median 155"] in facts and ["Void, mean share", "5.12 %"] in facts
    assert ["Images by source", "voc <1>: 30, sbd: 10"] in facts
    assert classes[1:] == [["background", "40", "100.0 %"], ["<b>", "10", "25.0 %"], ["motorbike", "0", "0.0 %"]]
    assert "no anomaly" in page.text
    told = _render(data={**DATA, "anomalies": ["split train, <x>: unexpected"]})
    assert "split train, <x>: unexpected" in told.text and "no anomaly" not in told.text


def test_of_clean_data_there_is_nothing_to_say():
    page = _render(data=DATA)
    headings = re.findall(r"<h3>(.*?)</h3>", page.page)
    assert "Images by class" in headings
    for words in ("set aside", "put right", "two splits", "twice", "one colour", "were left out"):
        assert words not in page.text


def test_records_set_aside_and_put_right():
    records = {
        "train": {"good": 37, "bad": 3, "reasons": {"<cut>": 2, "empty": 1}, "examples": [], "notes": {"turned": 5}},
        "eval": {"good": 9, "bad": 1, "reasons": {"<cut>": 1}, "examples": [], "notes": {}},
    }
    page = _render(data={**DATA, "records": records})
    reasons, notes = page.tables[-3:-1]
    assert reasons == [["", "train", "eval"], ["<cut>", "2", "1"], ["empty", "1", "0"]]
    assert notes == [["", "train", "eval"], ["turned", "5", "0"]]
    assert "4 of 50 records could not be used." in page.text


def test_images_that_are_alike():
    near = {"count": 41, "pairs": [[2, ["train", "<a>"], ["eval", "b"]], [4, ["train", "c"], ["eval", "d"]]]}
    twice = {"count": 1, "pairs": [[0, ["train", "e"], ["train", "f"]]]}
    leaks = {**DATA["leaks"], "near_duplicates": near, "repeated_pixels": twice, "flat": {"train": 1, "eval": 2}}
    page = _render(data={**DATA, "leaks": {**leaks, "uncompared": 7}})
    pairs, pair = page.tables[-3:-1]
    assert pairs == [["Image", "Image", "Bits"], ["<a>train", "beval", "2"], ["ctrain", "deval", "4"]]
    assert pair == [["Image", "Image"], ["etrain", "ftrain"]]
    for words in (
        "differ in at most 4 of 64 bits. If they show the same, scores are too good. 41 pairs, of which 2 are shown.",
        "it counts as often as it is there. 1 pair.",
        "3 images are of one colour, and compared by name alone.",
        "7 were left out.",
    ):
        assert words in page.text


def test_training_curve():
    page = render_report(METRICS, GALLERY, LABEL_MAP, "", curve=training_curve([3.0, 1.5], [0.1, 0.05]))
    shown = _Page(page)
    assert "Loss over 2 steps, 1.5 at the end" in shown.text
    # Two points, at a quarter and three quarters of 540 from 2; 160 high from 12 down.
    assert ("polyline", "points", "137.0,12.0 407.0,92.0 ") in shown.attributes
    assert "held-out" not in shown.text


def test_training_curve_with_held_out_images():
    curve = training_curve([3.0, 1.5], [0.1, 0.05], [(1, 0.5), (2, 0.25)])
    shown = _Page(render_report(METRICS, GALLERY, LABEL_MAP, "", curve=curve))
    assert "best at step 1, 0.500, whose weights are the model's." in shown.text
    assert ("polyline", "points", "137.0,92.0 407.0,132.0 ") in shown.attributes
