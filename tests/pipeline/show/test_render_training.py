import html
import re
from itertools import pairwise

import pytest

from pipeline.config import load_config
from pipeline.show.render_training import render_training
from tests.pipeline.show.samples import samples
from tests.pipeline.show.surveys import LABEL_MAP


@pytest.fixture
def config(run_config):
    return load_config(run_config, ["model.input_size=[64, 96]", "augment={scale: [0.5, 2], crop: yes}", "seed=7"])


def seen(page: str) -> list[str]:
    _, _, main = page.partition("<main>")
    return [html.unescape(text).strip() for text in re.split(r"<[^>]*>", main) if text.strip()]


def test_the_title_and_the_settings(config):
    page = render_training(config, LABEL_MAP, samples())
    assert "<title>small: training samples at 96×64</title>" in page
    shown = seen(page)
    facts = dict(pairwise(shown))
    assert facts["input size"] == "96×64 (width × height)"
    assert (facts["augment.scale"], facts["augment.crop"], facts["seed"]) == ("[0.5, 2.0]", "True", "7")
    assert "augment.flip" not in facts and "No augmentation" not in page
    assert "void: not counted, hatched; outside the image its edge is repeated under it" in shown


def test_a_picture_of_each_epoch(config):
    page = render_training(config, LABEL_MAP, samples(count=2, epochs=3))
    assert [text for text in seen(page) if text in ("Plain", "Epoch 1", "Epoch 2", "Epoch 3")] == 2 * [
        *("Plain", "Epoch 1", "Epoch 2", "Epoch 3"),
    ]
    assert len(set(re.findall('src="(data:image/jpeg;base64,[^"]+)"', page))) == 4  # of the seeds 0 to 3
    assert "<script>" not in page


def test_without_augmentation_the_page_says_so(run_config):
    assert "every epoch shows the same" in render_training(load_config(run_config), LABEL_MAP, samples())
