"""The pages of `segpipe show` in a browser; every test fails too if a page complains or asks for anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Config
from pipeline.show.render_data import render_data
from pipeline.show.render_training import render_training
from tests.pipeline.show.samples import samples
from tests.pipeline.show.surveys import LABEL_MAP, LONG, NAMES, two_surveys

pytestmark = pytest.mark.slow

CONTRAST = Path(__file__).with_name("contrast.js").read_text()
BACKGROUND, TRAFFIC, _, ATTACK = NAMES


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("show")
    config = Config.model_validate(
        {
            "name": "small-" + 60 * "x",
            "run_dir": str(folder),
            "data": {"path": str(folder)},
            "augment": {"scale": [0.5, 2], "flip": 0.5},
            "evaluation": {"gate": {"min_mean_iou": 0.5}},
        }
    )
    rendered = {
        "data": render_data("data " + 60 * "x", two_surveys(), LABEL_MAP),
        "training": render_training(config, LABEL_MAP, samples()),
    }
    paths = {name: folder / f"{name}.html" for name in rendered}
    for name, path in paths.items():
        path.write_text(rendered[name])
    return paths


@pytest.mark.parametrize("name", ["data", "training"])
@pytest.mark.parametrize("width", [390, 1280])
def test_everything_fits(pages, open_page, name, width):
    page = open_page(pages[name], width=width)
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    assert page.title() != "owned"
    pictures = page.locator("img").evaluate_all(
        "all => all.map(one => [one.naturalWidth, one.getBoundingClientRect().width])"
    )
    assert len(pictures) == {"data": 14, "training": 15}[name]
    assert all(natural > 0 and shown > 3 for natural, shown in pictures)


@pytest.mark.parametrize("name", ["data", "training"])
@pytest.mark.parametrize("dark", [False, True])
def test_every_text_can_be_read(pages, open_page, name, dark):
    """WCAG asks for a contrast of 4.5."""
    page = open_page(pages[name], dark=dark)
    assert page.evaluate(CONTRAST) == []


def test_classes_sort_by_their_share(pages, open_page):
    """In train class 0 has the most pixels, then 1, of eight images, and 3, of four; val has one of 3 and two of 1."""
    page = open_page(pages["data"])
    rows = page.get_by_role("region", name="Classes", exact=True).first.locator("tbody th")
    assert rows.all_inner_texts() == list(NAMES)
    page.get_by_role("button", name="train: images").click()
    assert rows.all_inner_texts() == [LONG, ATTACK, TRAFFIC, BACKGROUND]
    page.get_by_role("button", name="val: pixels").click()
    page.get_by_role("button", name="val: pixels").click()
    assert rows.all_inner_texts()[-1] == LONG


@pytest.mark.parametrize(("width", "together"), [(1280, 2), (390, 1)])
def test_samples_lie_beside_each_other_where_there_is_room(pages, open_page, width, together):
    page = open_page(pages["data"], width=width)
    tops = (
        page.locator(".samples")
        .first.locator("figure")
        .evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    )
    assert len(tops) == 5 and tops.count(tops[0]) == together
