import pytest

from pipeline.history.render_history import render_history
from tests.pipeline.history.outcomes import history

pytestmark = pytest.mark.slow

RUNS = history(
    *(
        {"mean_iou": 0.6 + number / 100, "iou": {"sky": 0.7, "land": None}, "pushed": number % 3 == 0, "version": "17"}
        for number in range(12)
    ),
    classes=("sky", "land", "a class of a long name, as ADE20K has them"),
)


@pytest.fixture
def path(tmp_path):
    (tmp_path / "history.html").write_text(render_history(RUNS))
    return tmp_path / "history.html"


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_everything_is_in_sight(open_page, path, width, dark):
    page = open_page(path, width=width, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    inside = """circle => {
        const { left, right, top, bottom } = circle.getBoundingClientRect();
        const chart = circle.closest("svg").getBoundingClientRect();
        return left >= chart.left && right <= chart.right && top >= chart.top && bottom <= chart.bottom;
    }"""
    circles = page.locator("circle").all()
    assert len(circles) == 24
    assert all(circle.evaluate(inside) for circle in circles)


def test_pushed_or_not_can_be_told_without_colours(open_page, path):
    page = open_page(path)
    fill = "node => getComputedStyle(node).fill"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.locator("circle.kept").first.evaluate(fill) == paper
    assert page.locator("circle.pushed").first.evaluate(fill) != paper


def test_the_table_sorts(open_page, path):
    page = open_page(path)
    page.get_by_role("button", name="Mean IoU").click()
    assert page.locator("tbody th").all_inner_texts() == [str(number) for number in range(1, 13)]
