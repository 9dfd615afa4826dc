"""Pages under watch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

OpenPage = Callable[..., Page]


@contextmanager
def watched_pages(browser: Browser) -> Iterator[OpenPage]:
    """Gives `open_page(path, width=1280, height=900, dark=False)`; all that it opened is closed at the end.

    Raises:
        AssertionError: at the end, if a page wrote an error or a warning to the console, let an exception escape, or
            asked for anything but its own file and `data:`. The message has a line for each.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(path: Path, width: int = 1280, height: int = 900, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", offline=True
        )
        context.set_default_timeout(5_000)
        contexts.append(context)
        uri = path.absolute().as_uri()
        _watch(context, uri, complaints)
        page = context.new_page()
        page.goto(uri)
        return page

    try:
        yield open_page
        for context in contexts:
            for page in context.pages:
                page.evaluate("new Promise(requestAnimationFrame)")  # what happened before it is known after it
    finally:
        for context in contexts:
            context.close()
    assert not complaints, "\n".join(complaints)


def _watch(context: BrowserContext, uri: str, complaints: list[str]) -> None:
    def complain_of_console(message):
        if message.type in ("error", "warning"):
            complaints.append(f"console {message.type}: {message.text}")

    def complain_of_request(request):
        if request.url != uri and not request.url.startswith("data:"):
            complaints.append(f"request: {request.url}")

    context.on("console", complain_of_console)
    context.on("weberror", lambda error: complaints.append(f"exception: {error.error}"))
    context.on("request", complain_of_request)
    context.on("page", lambda page: page.on("websocket", complain_of_request))
