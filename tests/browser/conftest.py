"""What every browser test of a page may ask for: a reader who is in already, and a check by axe."""

from collections.abc import Callable
from functools import cache
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pages.frame.navigation import PAGES
from tests.conftest import Server, come_in, wait_until_drawn
from tests.visits import reader_of

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]}


@pytest.fixture(scope="session")
def cookies(browser: Browser, server: Server) -> Callable[[str], list]:
    """`cookies("viewer")`: those of a reader who signed in once for all tests of this worker."""

    @cache
    def signed_in(reader: str) -> list:
        with browser.new_context(base_url=server.url) as context:
            page = context.new_page()
            page.goto("/about?lang=fi")
            come_in(page, reader, server.password)
            page.get_by_test_id("stTopNav").wait_for()
            return context.cookies()

    return signed_in


@pytest.fixture
def visit(page: Page, cookies: Callable[[str], list]) -> Callable[..., Page]:
    """`visit("/regions?scheme=evk", "sv")`: the page, drawn for a viewer who is in; for a steward where
    viewers may not see it."""
    page.emulate_media(reduced_motion="reduce")

    def go(path: str, language: str = "fi") -> Page:
        asked = urlparse(path).path.strip("/")
        entry = next(entry for entry in PAGES if entry.url_path == asked)
        page.context.add_cookies(cookies(reader_of(entry)))
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        page.locator("h1").first.wait_for()
        return wait_until_drawn(page)

    return go


STILL = """() => document.getAnimations().every(
    each => each.playState !== "running" || each.effect.getComputedTiming().iterations === Infinity)"""
"""Whether nothing fades in or out: what is half there has half of its contrast."""


@pytest.fixture
def violations(page: Page) -> Callable[[], list[str]]:
    """What axe has to say of the page as it stands: rule and place of each violation."""

    def found() -> list[str]:
        page.wait_for_function(STILL)
        said = Axe().run(page, options=RULES).response["violations"]
        return [f"{each['id']}: {node['html'][:200]}" for each in said for node in each["nodes"]]

    return found
