"""The page of regions as a person uses it: without shapes and pointer, by link, and over time."""

import re

import pytest
from playwright.sync_api import Page, expect

from pages.frame.texts import text
from pages.parts.regional_views import VIEWS
from tests.browser.test_choices import choices, choose, link_says, named
from tests.conftest import wait_until_drawn

SHAPES = re.compile(r"/shapes/")


def without_shapes(page: Page) -> None:
    """Whatever the map asks for, it gets no shape."""
    page.route(SHAPES, lambda route: route.fulfill(json={"type": "FeatureCollection", "features": []}))


def choose_view(page: Page, view: str) -> None:
    """Choose a view with the keyboard only: to the buttons, then along them."""
    now, wanted = (list(VIEWS).index(code) for code in (choices(page)["view"], view))
    page.locator(".st-key-choice_view [role=radio]").nth(now).focus()
    for _ in range(abs(wanted - now)):
        page.keyboard.press("ArrowRight" if wanted > now else "ArrowLeft")
    page.keyboard.press("Space")
    link_says(page, view=view)


@pytest.mark.parametrize("view", VIEWS)
def test_every_comparison_can_be_made_without_shapes_by_keyboard_and_by_ear(view, page, visit):
    """No shape is fetched; what a screen reader is told holds the finding and a table of every area."""
    without_shapes(page)
    visit("/regions?view=heat" if view == "map" else "/regions?view=map")
    choose_view(page, view)
    card = page.locator("[class*=st-key-card_]").first
    if view in ("map", "tiles", "time"):
        sentence = card.locator(".sentence").inner_text()
        expect(card.get_by_role("figure").first).to_have_accessible_name(sentence)
        card.get_by_role("tab", name=text("card.chart", "fi"), exact=True).focus()
        page.keyboard.press("ArrowRight")
        wait_until_drawn(page)
    expect(card.locator("table.figures")).to_be_visible()
    tree = card.aria_snapshot()
    assert "table" in tree
    if view not in ("attention", "side"):
        assert all(named("areas", code) in tree for code in ("mk01", "mk08", "mk19", "mk21"))


def test_an_area_is_chosen_by_keyboard_and_told(page, visit):
    without_shapes(page)
    visit("/regions?indicator=nr1&period=2026h1")
    choose(page, "area", named("areas", "mk08"))
    link_says(page, area="mk08")
    expect(page.locator("ul.facts")).to_contain_text(named("areas", "mk08", "label_fi"))


ASKED = {
    "map": "view=map&indicator=si1&scheme=evk&period=2025h2&goal=g2&against=funding&area=evk03",
    "side": "view=side&indicator=si2&scheme=ely&period=2025h1&areas=ely01,ely04",
    "heat": "view=heat&family=innovation&scheme=wellbeing&period=2025h2&goal=g1",
}


@pytest.mark.parametrize("view", ASKED)
def test_a_link_restores_the_whole_view(view, page, visit):
    visit(f"/regions?release=1&{ASKED[view]}")
    wanted = dict(each.split("=") for each in ASKED[view].split("&")) | {"release": "1"}
    assert choices(page).items() >= wanted.items()
    said = page.locator(".sentence").first.inner_text()
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    page.locator(".sentence").first.wait_for()
    wait_until_drawn(page)
    assert choices(page).items() >= wanted.items()
    assert page.locator(".sentence").first.inner_text() == said
    assert not page.get_by_test_id("stAlert").count()


def test_periods_play_pause_and_are_slid_over(page, visit):
    visit("/regions?indicator=si1&period=2024h2")
    button = page.locator(".st-key-play button")
    button.click()
    expect(button).to_have_text(text("playing.pause", "fi"))
    link_says(page, period="2025h1")
    button.click()
    expect(button).to_have_text(text("playing.play", "fi"), timeout=15_000)
    wait_until_drawn(page)
    stopped = choices(page)["period"]
    page.wait_for_timeout(3000)
    assert choices(page)["period"] == stopped, "paused, it stands still"
    handle = page.locator(".st-key-slide_period input[type=range]")
    handle.focus()
    page.keyboard.press("Home")
    link_says(page, period="2024h2")
    expect(page.locator(".card-title").first).to_contain_text("7–12/2024")


WATCH_HEIGHT = """() => {
    window.lowest = 1e9;
    const look = () => {
        const card = document.querySelector(".st-key-card_regions");
        window.lowest = Math.min(window.lowest, card.offsetHeight);
        requestAnimationFrame(look);
    };
    look();
}"""


def test_another_indicator_does_not_make_the_page_jump(page, visit):
    visit("/regions?indicator=nr1")
    page.set_viewport_size({"width": 1440, "height": 700})
    main = page.get_by_test_id("stMain")
    main.evaluate("main => main.scrollTo(0, 200)")
    page.evaluate(WATCH_HEIGHT)
    height = page.locator(".st-key-card_regions").bounding_box()["height"]
    choose(page, "indicator", "NR2 Koettu helppous")
    link_says(page, indicator="nr2")
    assert abs(main.evaluate("main => main.scrollTop") - 200) < 2
    assert page.evaluate("window.lowest") > 0.8 * height, "the card does not shrink on the way"
