import base64
import hashlib
import json
import re

import pytest

from pipeline.tfma_page.render_tfma_page import render_tfma_page
from pipeline.tfma_page.viewer_data import ViewerData

METRICS = {"slice": "Overall", "metrics": {"": {"": {"mean_iou": {"doubleValue": 0.5}}}}}
HOSTILE = {
    "slice": "a:</script><script>alert(1)</script>",
    "metrics": {"": {"": {"mean_iou_diff": {"doubleValue": 0}}}},
}


def plot(name):
    return {"data": {}, "config": {"sliceName": name}}


def render(*plots, metrics=(METRICS,)):
    data = ViewerData(list(metrics), list(plots))
    return render_tfma_page(data, name="small <1>", split="eval", number=7, ended="2026-01-02 03:04 UTC")


@pytest.fixture(scope="module")
def page():
    return render(plot("Overall"), plot("a:<b>"), metrics=(METRICS, HOSTILE))


def test_it_says_what_it_shows(page):
    assert "<h1>small &lt;1&gt;</h1>" in page
    assert "Run 7, 2026-01-02 03:04 UTC, eval split" in page
    assert "difference to the baseline" in page
    assert re.findall("<option>(.*?)</option>", page) == ["Overall", "a:&lt;b&gt;"]


def test_the_viewer_is_in_the_page_with_its_data_and_nothing_else_may_run(page):
    (policy,) = re.findall('http-equiv="Content-Security-Policy" content="(.*?)"', page)
    scripts = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src "
        + " ".join(f"'sha256-{digest}'" for digest in digests)
    )
    assert ["tfma-nb-slicing-metrics" in script for script in scripts] == [False, True, True]
    assert len(scripts[1]) > 1_000_000
    assert page.count("<script") - scripts[1].count("<script") == 5
    in_page = dict(re.findall('<script type="application/json" id="(.*?)">(.*?)</script>', page))
    assert json.loads(in_page["metrics"]) == [METRICS, HOSTILE]
    assert json.loads(in_page["plots"]) == [plot("Overall"), plot("a:<b>")]


def test_one_plot_needs_no_choice_and_none_is_said():
    assert "<select" not in render(plot("Overall"))
    without = render()
    assert "<tfma-nb-plot" not in without.partition("<script>")[0]
    assert "holds no matrix" in without
    assert "difference to the baseline" not in without


def test_what_is_no_json_is_an_error():
    with pytest.raises(ValueError, match="JSON"):
        render(metrics=[{"slice": "Overall", "metrics": {"": {"": {"a": {"doubleValue": float("nan")}}}}}])
