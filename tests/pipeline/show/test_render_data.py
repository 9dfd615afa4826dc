import html
import re

import numpy as np
import pytest

from components.segmentation_example_gen.split_summary import SplitSummary
from pipeline.show.render_data import render_data
from pipeline.show.survey import Survey
from schema.label_map import LabelMap
from tests.pipeline.show.surveys import ATTACK, LABEL_MAP, two_surveys

THREE = LabelMap(names=("sky", "road", "car"), colors=((0, 0, 255), (90, 90, 90), (255, 0, 0)))


def survey_of(good: int, bad: int = 0, **changes) -> Survey:
    return Survey(
        **{
            "class_pixels": np.array([60, 20, 0]),
            "class_images": np.array([good, 1, 0]),
            "void_pixels": 20,
            "heights": [3] * good,
            "widths": [5] * good,
            "summary": SplitSummary(good=good, bad=bad),
            **changes,
        }
    )


def texts(page: str) -> list[str]:
    """What a reader sees, piece by piece."""
    _, _, main = page.partition("<main>")
    return [html.unescape(text).strip() for text in re.split(r"<[^>]*>", main) if text.strip()]


def rows(page: str) -> list[list[str]]:
    """The table of classes."""
    body = page.partition('aria-describedby="about-classes"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [text.strip() for text in re.split(r"<[^>]*>", row) if text.strip()]
        for row in body.split("</tr>")
        if row.strip()
    ]


def test_shares_of_pixels_and_images():
    page = render_data("mine", {"train": survey_of(4), "val": survey_of(2)}, THREE)
    assert rows(page) == [
        ["sky", "75.00 %", "100.00 %", "75.00 %", "100.00 %"],
        ["road", "25.00 %", "25.00 %", "25.00 %", "50.00 %"],
        ["car", "none", "none", "none", "none"],
    ]
    assert texts(page).count("images; 20.00 % of the pixels are void") == 2


def test_the_longest_bar_of_pixels_is_the_largest_share():
    page = render_data("mine", {"train": survey_of(4)}, THREE)
    assert re.findall("width:([0-9.]+)%", page) == ["100.00", "100.00", "33.33", "25.00", "0.00", "0.00"]


def test_image_sizes():
    page = render_data("mine", {"train": survey_of(3, heights=[99, 100, 40], widths=[640, 639, 320])}, THREE)
    shown = texts(page)
    assert shown[shown.index("train: width") + 1] == "320 to 640 pixels, median 639."
    assert shown[shown.index("train: height") + 1] == "40 to 100 pixels, median 99."
    counts = [[int(n) for n in found.split(", ")] for found in re.findall(r"from 0 to 700 pixels: ([0-9, ]+)", page)]
    # 20 bins of 35 pixels: 320 is in the 9th, 639 and 640 in the 18th; 40 in the 1st, 99 and 100 in the 2nd
    expected = [{9: 1, 18: 2}, {1: 1, 2: 2}]
    assert [{at: n for at, n in enumerate(of) if n} for of in counts] == expected


def test_bad_records_are_listed_and_counted():
    page = render_data("mine", two_surveys(), LABEL_MAP)
    shown = texts(page)
    assert "30 records cannot be used" in shown
    assert shown.count(f"{ATTACK}: cannot be read") == 10
    assert "20 more; of all, 30: no PNG" in shown
    assert "only the first 3 of its records: --limit looks at more" in shown
    assert "/data/" not in " ".join(shown)


def test_a_page_without_bad_records_does_not_speak_of_them():
    assert "cannot be used" not in render_data("mine", {"train": survey_of(4)}, THREE)


def test_a_picture_and_its_mask_for_each_sample():
    page = render_data("mine", two_surveys(), LABEL_MAP)
    assert len(re.findall('<img src="data:image/jpeg;base64,[^"]+"', page)) == 2 * (5 + 2)
    assert "<script>document" not in page


@pytest.mark.parametrize("bad", [0, 5])
def test_a_split_without_images(bad):
    nothing = survey_of(0, bad, class_pixels=np.zeros(3), class_images=np.zeros(3), void_pixels=0)
    page = render_data("mine", {"train": nothing, "val": survey_of(2)}, THREE)
    assert rows(page)[0] == ["sky", "none", "none", "75.00 %", "100.00 %"]
    assert "train: width" not in page and "val: width" in page
    page = render_data("mine", {"train": nothing}, THREE)
    assert not {"Classes", "Image sizes", "Samples"} & set(texts(page))
