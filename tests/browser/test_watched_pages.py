"""What our pages are held to is really seen."""

from __future__ import annotations

import pytest

from tests.browser.watched_pages import watched_pages

pytestmark = pytest.mark.slow

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


@pytest.fixture
def write(tmp_path):
    def write(body: str):
        path = tmp_path / "a page.html"
        path.write_text(f"<!doctype html><title>page</title>{body}")
        return path

    return write


def test_a_page_that_is_as_it_should_be(browser, write):
    with watched_pages(browser) as open_page:
        page = open_page(write(f"<p>hello</p><img src='{PIXEL}'><script>console.log('fine')</script>"), width=390)
        assert page.inner_text("p") == "hello"
        assert page.evaluate("innerWidth") == 390
        assert page.evaluate("document.images[0].naturalWidth") == 1
    assert page.is_closed()


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<script>console.error('alas')</script>", "console error: alas"),
        ("<script>console.warn('beware')</script>", "console warning: beware"),
        ("<script>throw new Error('lost')</script>", "exception: lost"),
        ("<script>Promise.reject(new Error('broken'))</script>", "exception: broken"),
        ("<script>setTimeout(() => console.error('late'))</script>", "console error: late"),
        ("<img src='https://example.com/a.png'>", "request: https://example.com/a.png"),
        ("<script src='//example.com/a.js'></script>", "request: file://example.com/a.js"),
        ("<link rel=stylesheet href='http://example.com/a.css'>", "request: http://example.com/a.css"),
        ("<script>fetch('https://example.com/a').catch(() => 0)</script>", "request: https://example.com/a"),
        ("<script>navigator.sendBeacon('https://example.com/b')</script>", "request: https://example.com/b"),
        ("<script>new WebSocket('wss://example.com/c')</script>", "request: wss://example.com/c"),
        ("<img src='beside.png'>", "beside.png"),
        ("<iframe src='https://example.com/d'></iframe>", "request: https://example.com/d"),
    ],
)
def test_a_complaint_or_a_request_is_a_failure(browser, write, body, complaint):
    with pytest.raises(AssertionError) as failure, watched_pages(browser) as open_page:
        open_page(write(body))
    assert complaint in str(failure.value)


def test_the_second_page_is_watched_too(browser, write, tmp_path):
    with pytest.raises(AssertionError, match="console error: second"), watched_pages(browser) as open_page:
        open_page(write("<p>first</p>"))
        open_page(write("<script>console.error('second')</script>"))


def test_a_failing_test_fails_for_its_own_reason(browser, write):
    with pytest.raises(KeyError, match="own"), watched_pages(browser) as open_page:
        page = open_page(write("<script>console.error('another')</script>"))
        raise KeyError("own")
    assert page.is_closed()
