"""A headless Chromium, and pages opened in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.find_browser import find_browser
from tests.browser.watched_pages import OpenPage, watched_pages


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """For this folder only: an event loop runs as long as it does, and a thread has room for one."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        path = find_browser(own)
        sandbox = os.geteuid() != 0 and path != own  # root has none; Ubuntu allows it to installed browsers only
        with playwright.chromium.launch(executable_path=path, chromium_sandbox=sandbox) as chromium:
            yield chromium


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """`open_page(path, width=1280, height=900, dark=False)`; the test fails if a page complains or requests."""
    with watched_pages(browser) as opened:
        yield opened
