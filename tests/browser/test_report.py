"""The report in a browser; every test fails too if the page complains or asks for anything, see conftest.py."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.real_report import ATTACK, CLASSES, LONG, write_real_report
from tests.browser.watched_pages import watched_pages

pytestmark = pytest.mark.slow

BACKGROUND, ROAD, _, TRAFFIC, _, SKY, PERSON, BICYCLE = ORIGINAL = list(CLASSES)
CONTRAST = Path(__file__).with_name("contrast.js").read_text()


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    return write_real_report(tmp_path_factory.mktemp("report"))


def _section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True).first


def _rows(page: Page, table: str = "Classes", column: str = "th") -> list[str]:
    return _section(page, table).locator(f"tbody tr > {column}").all_inner_texts()


def _sort(page: Page, column: str, table: str = "Classes") -> str | None:
    """Clicks a header and returns the order that it then announces."""
    section = _section(page, table)
    section.get_by_role("button", name=column, exact=True).click()
    return section.get_by_role("columnheader", name=column, exact=True).get_attribute("aria-sort")


def test_sorts_by_iou_up_down_and_back(report, open_page):
    """What is undefined stays last, in its own order."""
    page = open_page(report)
    assert _rows(page) == ORIGINAL
    assert _sort(page, "IoU") == "ascending"
    assert _rows(page) == [PERSON, TRAFFIC, ROAD, ATTACK, BACKGROUND, SKY, LONG, BICYCLE]
    assert _sort(page, "IoU") == "descending"
    assert _rows(page) == [SKY, BACKGROUND, ATTACK, ROAD, TRAFFIC, PERSON, LONG, BICYCLE]
    assert _sort(page, "IoU") is None
    assert _rows(page) == ORIGINAL


@pytest.mark.parametrize(
    ("column", "ascending"),
    [
        ("Class", [ATTACK, TRAFFIC, BACKGROUND, BICYCLE, LONG, PERSON, ROAD, SKY]),
        ("Change", [PERSON, ROAD, BACKGROUND, ATTACK, TRAFFIC, LONG, SKY, BICYCLE]),  # -0.45 -0.1 0 +0.1 +0.2
        ("Recall", ORIGINAL),  # all alike
    ],
)
def test_sorts_by_any_column(report, open_page, column, ascending):
    page = open_page(report)
    assert _sort(page, column) == "ascending"
    assert _rows(page) == ascending


def test_one_column_is_sorted_at_a_time_and_other_tables_are_not(report, open_page):
    page = open_page(report)
    slices = _rows(page, "Slices", "td:nth-child(2)")
    _sort(page, "IoU")
    assert _sort(page, "Baseline") == "ascending"
    assert page.locator("[aria-sort]").count() == 1
    assert _rows(page, "Slices", "td:nth-child(2)") == slices


def test_counts_are_sorted_as_numbers(report, open_page):
    page = open_page(report)
    assert _sort(page, "Images", "Slices") == "ascending"
    assert _rows(page, "Slices", "td:nth-child(3)") == ["1", "9", "10", "100"]


def test_sorts_from_the_keyboard(report, open_page):
    """Tab goes from the table's region to its headers, one by one."""
    page = open_page(report)
    _section(page, "Classes").locator(".scroller").focus()
    for header in ("Class", "IoU"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText") == header
    for key, first in (("Enter", PERSON), ("Space", SKY)):
        page.keyboard.press(key)
        assert _rows(page)[0] == first
        assert page.evaluate("document.activeElement.innerText") == "IoU"


def test_galleries_are_in_iou_order(report, open_page):
    """As they stand on the page, from its top to its bottom."""
    page = open_page(report)
    shown = (
        _section(page, "Predictions")
        .locator("h3, figcaption")
        .evaluate_all("all => all.map(one => [one.getBoundingClientRect().top, one.innerText])")
    )
    assert all(above < below for (above, _), (below, _) in pairwise(shown))
    assert [re.sub(r".*IoU ", "", text, flags=re.DOTALL) for _, text in shown] == [
        *("Good", "1.0000", "0.9000", "0.8000"),
        *("Average", "0.6000", "0.5500", "0.4500"),
        *("Failed", "0.1500", "0.0500", "0.0000"),
    ]


@pytest.mark.parametrize(("width", "rows"), [(1280, 1), (390, 2)])
def test_pictures_are_seen_and_lie_beside_each_other(report, open_page, width, rows):
    page = open_page(report, width=width)
    figures = page.locator("figure").evaluate_all(
        """figures => figures.map(figure => [...figure.querySelectorAll("img")].map(picture => {
             const { top, width, height } = picture.getBoundingClientRect();
             return { natural: picture.naturalWidth, top, width, height };
           }))"""
    )
    assert [len(pictures) for pictures in figures] == [4] * 9
    for pictures in figures:
        assert all(picture["natural"] > 0 for picture in pictures)
        assert len({picture["top"] for picture in pictures}) == rows
        for side in ("width", "height"):
            assert max(picture[side] for picture in pictures) == pytest.approx(pictures[0][side], abs=0.5)
            assert min(picture[side] for picture in pictures) > 3


@pytest.mark.parametrize("width", [390, 1280])
def test_only_tables_scroll_sideways(report, open_page, width):
    page = open_page(report, width=width)
    for details in page.locator("summary").all():
        details.click()
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    if width == 390:
        scores = _section(page, "Classes").locator(".scroller")
        assert scores.evaluate("it => it.scrollWidth > it.clientWidth")


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_can_be_read(report, open_page, dark):
    """WCAG asks for a contrast of 4.5."""
    page = open_page(report, dark=dark)
    red, green, blue = map(
        int, re.findall(r"\d+", page.locator("body").evaluate("it => getComputedStyle(it).backgroundColor"))
    )
    assert (red + green + blue < 3 * 64) == dark
    assert page.evaluate(CONTRAST) == []


def test_no_text_becomes_a_script(report, open_page):
    page = open_page(report)
    assert page.title() == f"shapes {60 * 'x'}: Not blessed"
    assert ATTACK in _rows(page)


def test_a_script_that_is_not_ours_does_not_run(report, browser, tmp_path):
    page = tmp_path / "page.html"
    for script in ("<script>document.title = 'owned'</script>", "<img src='data:,' onerror='document.title = 1'>"):
        page.write_text(report.read_text().replace("<main>", f"<main>{script}"))
        with pytest.raises(AssertionError, match="Content Security Policy"), watched_pages(browser) as open_page:
            assert open_page(page).title().startswith("shapes")


def test_prints_with_all_details(report, open_page):
    """Bright even where the screen is dark; the 200 lines of the configuration take three pages or more."""
    page = open_page(report, dark=True)
    page.emulate_media(media="print")
    assert page.evaluate(CONTRAST) == []
    printed = _pages(page)
    page.locator("details").evaluate_all("all => all.forEach(one => one.remove())")
    assert printed >= _pages(page) + 3 >= 4


def _pages(page: Page) -> int:
    return len(re.findall(rb"/Type /Page\b", page.pdf(format="A4")))
