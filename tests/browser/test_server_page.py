"""The page of `segpipe serve`, used: an image dropped, its mask seen, faded and downloaded."""

import base64
import io
import logging

import numpy as np
import pytest
from PIL import Image

from pipeline.server.application import application
from pipeline.server.settings import ServerSettings
from tests.components.report.fake_model import LABEL_MAP, encode
from tests.pipeline.server.running import running
from tests.pipeline.server.served import Served, mask_of

pytestmark = pytest.mark.slow

LEVELS = np.repeat([[0, 150, 250, 250]], 3, axis=0)
# A DataTransfer of a file, as a drop from the desktop has.
DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name));
  document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def client():
    with running(application(Served(), ServerSettings())) as client:
        yield client


@pytest.fixture
def page(browser, client):
    complaints: list[str] = []
    with browser.new_context(viewport={"width": 900, "height": 800}, accept_downloads=True) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"http://127.0.0.1:{client.port}/")
        yield page
    assert complaints == []


def _drop(page, name: str, data: bytes) -> None:
    page.evaluate(DROP, [name, base64.b64encode(data).decode()])


def test_an_image_is_dropped_its_mask_seen_faded_and_downloaded(page, tmp_path):
    image = encode(LEVELS)
    assert page.locator("#result").is_hidden()
    _drop(page, "street.png", image)
    page.locator("#result").wait_for(state="visible")
    assert page.locator("#message").inner_text() == "street.png"
    assert page.locator("#legend li").all_inner_texts() == ["bright 50.0 %", "dark 25.0 %", "grey 25.0 %"]

    sizes = "['image', 'mask'].map(id => document.getElementById(id)).map(img => [img.naturalWidth, img.naturalHeight])"
    page.wait_for_function("document.getElementById('mask').complete && document.getElementById('image').complete")
    assert page.evaluate(sizes) == [[4, 3], [4, 3]]
    image_box, mask_box = (page.locator(f"#{name}").bounding_box() for name in ("image", "mask"))
    assert image_box == pytest.approx(mask_box)

    opacity = "getComputedStyle(document.getElementById('mask')).opacity"
    assert float(page.evaluate(opacity)) == pytest.approx(0.6)
    page.locator("#opacity").fill("25")
    assert float(page.evaluate(opacity)) == pytest.approx(0.25)

    with page.expect_download() as download:
        page.get_by_text("Download the mask").click()
    assert download.value.suggested_filename == "street.mask.png"
    download.value.save_as(tmp_path / "mask.png")
    with Image.open(tmp_path / "mask.png") as mask, Image.open(io.BytesIO(mask_of(image))) as expected:
        assert mask.mode == "P" and np.array_equal(np.asarray(mask), np.asarray(expected))
        assert mask.convert("RGB").getpixel((0, 0)) == LABEL_MAP.colors[0]


def test_what_is_no_image_is_said_and_the_last_mask_stays(page, caplog):
    _drop(page, "street.png", encode(LEVELS))
    page.locator("#result").wait_for(state="visible")
    with caplog.at_level(logging.CRITICAL):
        _drop(page, "notes.txt", b"nothing to see")
        page.get_by_text("notes.txt: expected the bytes of a JPEG or PNG image").wait_for()
    assert page.locator("#message").get_attribute("class") == "bad"
    assert page.locator("#result").is_visible()


def test_a_file_is_chosen_by_hand_and_a_phone_has_room(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator("#file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": encode(LEVELS)})
    page.locator("#result").wait_for(state="visible")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
