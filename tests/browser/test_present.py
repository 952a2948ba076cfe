"""The present page: one slide at a time, by keys, refreshing by itself, and everything in view."""

import re
from collections.abc import Generator

import pytest
from playwright.sync_api import Locator, Page, expect

from data_access.models import Rule
from data_access.store import writing
from pages.frame.texts import text
from pages.parts.slides import SLIDES
from tests.conftest import Server, come_in, running, wait_until_drawn
from tests.store.stores import Store

DESK = {"width": 1440, "height": 900}
SECONDS = 1


@pytest.fixture(scope="module")
def quick_server(demo_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """A server whose present page refreshes each second, as the rule of its store says."""
    folder = tmp_path_factory.mktemp("present")
    store = demo_store.copy(folder / "store")
    with store.in_use(), writing() as session:
        session.get_one(Rule, "present_refresh_seconds").value = SECONDS
    with running(store, folder / "log") as server:
        yield server


def slide_is(page: Page, place: int) -> None:
    code = list(SLIDES)[place]
    page.wait_for_function("code => location.search.includes(`slide=${code}`)", arg=code)
    expect(page.locator(".place")).to_have_text(f"{place + 1} / {len(SLIDES)}")
    wait_until_drawn(page)


def button(page: Page, key: str, language: str = "fi") -> Locator:
    return page.get_by_role("button", name=text(key, language))


def test_arrow_keys_move_from_slide_to_slide(page, visit):
    visit("/present")
    slide_is(page, 0)
    for place in (*range(1, len(SLIDES)), 0):
        page.keyboard.press("ArrowRight")
        slide_is(page, place)
    page.keyboard.press("ArrowLeft")
    slide_is(page, len(SLIDES) - 1)


def test_another_language_keeps_the_slide(page, visit):
    visit("/present?slide=goals")
    for language in ("sv", "en"):
        page.get_by_role("link", name=language.upper(), exact=True).click()
        button(page, "present.next", language).wait_for()
        slide_is(page, 1)
        stamp = text("present.stamp", language).split()[0]
        expect(page.locator(".st-key-slide .footnote")).to_contain_text(stamp)


def test_it_refreshes_by_itself_until_it_is_paused(quick_server, page):
    frames: list[object] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(data)))

    def more_are_sent() -> bool:
        wait_until_drawn(page)
        page.wait_for_timeout(1000)
        before = len(frames)
        page.wait_for_timeout(2500 * SECONDS)
        return len(frames) > before

    page.goto(f"{quick_server.url}/present?lang=fi")
    come_in(page, "viewer", quick_server.password)
    stamp = page.locator(".st-key-slide .footnote")
    expect(stamp).to_have_text(re.compile(r"^Päivitetty [\d.]+ klo \d+\.\d\d · Julkaisu 2 · Lähde: \w"))
    assert more_are_sent()
    page.keyboard.press("Escape")
    button(page, "present.go_on").wait_for()
    assert not more_are_sent()
    page.keyboard.press("ArrowRight")
    slide_is(page, 1)
    assert not more_are_sent(), "a paused presentation stays paused on the next slide"
    page.keyboard.press("Escape")
    button(page, "present.pause").wait_for()
    assert more_are_sent()


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("slide", SLIDES)
def test_a_slide_is_in_view_as_a_whole(slide, language, page, visit, violations):
    page.set_viewport_size(DESK)
    visit(f"/present?slide={slide}", language)
    room = "() => document.querySelector('[data-testid=\"stMain\"]').scrollHeight"
    page.wait_for_function(f"() => ({room})() <= {DESK['height']}")
    for size in page.locator(".st-key-slide :is(h2, .sentence, table.goals)").evaluate_all(SIZES):
        assert size >= 20, "too small to be read from afar"
    if language == "fi":
        assert violations() == []


SIZES = "all => all.map(it => parseFloat(getComputedStyle(it).fontSize))"
