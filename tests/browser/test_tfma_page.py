"""TFMA's own elements, with our stand-in for Google Charts, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from pipeline.tfma_page.render_tfma_page import render_tfma_page
from pipeline.tfma_page.viewer_data import viewer_data
from schema.label_map import LabelMap
from tests.pipeline.tfma_page.evaluation import NAN, metrics, plots, write_evaluation

pytestmark = pytest.mark.slow

LABEL_MAP = LabelMap(names=("sky", "land", "water"), colors=((0, 0, 0), (1, 1, 1), (2, 2, 2)))
CELLS = "tfma-nb-slicing-metrics td"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """25 slices beside the whole split; the more images, the lower the mean IoU."""
    folder = tmp_path_factory.mktemp("tfma")
    overall = metrics(("example_count", None, 40), ("mean_iou", None, 0.5), ("iou", 0, 0.75), ("iou", 2, NAN))
    interval = overall.metric_keys_and_values[1].confidence_interval
    interval.lower_bound.double_value.value, interval.upper_bound.double_value.value = 0.25, 0.625
    of_slices = [
        metrics(
            ("example_count", None, images),
            ("mean_iou", None, 1 - images / 40),
            ("iou", 0, 0.5),
            *([("iou", 2, 0.5)] if images == 3 else []),
            slice_key=("image/source", f"<img src=x> {images}".encode()),
        )
        for images in range(1, 26)
    ]
    in_plots = [
        plots({(0, 0): 900, (0, 1): 20, (1, 1): 400, (2, -1): 3}),
        plots({(1, 0): 7}, slice_key=("class/present", 1)),
        plots({}, slice_key=("class/present", 2)),
    ]
    data = viewer_data(write_evaluation(folder / "evaluation", [overall, *of_slices], in_plots), LABEL_MAP)
    page = folder / "tfma.html"
    page.write_text(render_tfma_page(data, name="small", split="eval", number=1, ended="now"))
    return page


@pytest.fixture
def page(open_page, path):
    opened = open_page(path)
    expect(opened.locator(CELLS).first).to_be_visible()
    return opened


def test_metrics_by_slice_are_shown_at_once(page):
    assert page.locator("tfma-nb-slicing-metrics th").all_inner_texts() == ["feature", "example_count", "mean_iou"]
    cells = page.locator(CELLS)
    assert cells.all_inner_texts()[:2] == ["Overall", "40"]
    expect(cells.nth(2)).to_have_text(re.compile(r"0\.50000\s*\(0\.25000, 0\.62500\)"))
    assert cells.all_inner_texts()[3:6] == ["image/source:<img src=x> 1", "1", "0.97500"]
    expect(page.locator("tfma-slice-overview rect:has(title)")).to_have_count(26)


def test_the_table_sorts_by_value_and_has_pages_of_20(page):
    expect(page.locator("tfma-nb-slicing-metrics tbody tr")).to_have_count(20)
    page.get_by_role("button", name="mean_iou").click()
    assert page.locator(CELLS).all_inner_texts()[1] == "25"
    page.get_by_role("button", name="mean_iou").click()
    assert page.locator(CELLS).all_inner_texts()[1] == "1"
    page.get_by_role("button", name="2", exact=True).click()
    expect(page.locator("tfma-nb-slicing-metrics tbody tr")).to_have_count(6)
    assert page.locator(CELLS).all_inner_texts()[1] == "20"


def test_scores_of_classes_are_added(page):
    page.locator("#class-picker").click()
    page.locator("#class-picker paper-item", has_text="sky").click()
    page.locator("#class-picker paper-item", has_text="water").click()
    expect(page.locator("tfma-nb-slicing-metrics th")).to_have_text(
        ["feature", "example_count", "mean_iou", "sky/iou", "water/iou"]
    )
    assert page.locator(CELLS).all_inner_texts()[3:5] == ["0.75000", "NaN"]
    for _ in ("ascending", "descending"):  # what is undefined or missing comes last
        page.get_by_role("button", name="water/iou").click()
        assert page.locator(CELLS).all_inner_texts()[0] == "image/source:<img src=x> 3"


def test_the_histogram_marks_the_slice_that_is_chosen(page):
    page.locator("#chart-type").click()
    page.locator("#chart-type paper-item", has_text="Metrics Histogram").click()
    bars = page.locator("tfma-metrics-histogram #details rect:has(title)")
    expect(bars).to_have_count(10)
    page.locator("tfma-nb-slicing-metrics tbody tr", has_text="> 1").first.click()
    expect(page.locator("tfma-metrics-histogram rect.highlighted")).to_have_count(1)
    assert bars.last.get_attribute("class") == "highlighted"  # 0.975 is the highest


def test_the_confusion_matrix_of_each_slice(page):
    rows = page.locator("tfma-nb-plot .row")
    expect(rows).to_have_count(4)
    assert rows.nth(0).inner_text().split() == ["Class", "Id", "Total", "land", "sky", "water", "No", "prediction"]
    assert rows.nth(2).inner_text().split() == ["sky", "920", "20", "900"]
    page.locator("#slice").select_option("class/present:land")
    expect(page.locator("tfma-nb-plot")).to_contain_text("Plot for class/present:land")
    assert rows.nth(1).inner_text().split() == ["land", "7", "7"]
    page.locator("#slice").select_option("class/present:water")
    expect(page.locator("tfma-nb-plot")).to_contain_text("Plot for class/present:water")


def test_a_phone_scrolls_the_widgets_and_not_the_page(open_page, path):
    page = open_page(path, width=390)
    expect(page.locator(CELLS).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
