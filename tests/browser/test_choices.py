"""The link is the state: choices of the regions page, by pointer and by keyboard, and how they travel."""

import csv
import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from pages.frame.texts import text
from tests.conftest import PROJECT, wait_until_drawn

SHAPES = ".choroplethlayer path.choroplethlocation"


def choices(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlparse(page.url).query, True).items()}


def link_says(page: Page, **wanted: str) -> None:
    """Wait until the link has these choices and the page stands."""
    asked = [f"{name}={value}" for name, value in wanted.items()]
    page.wait_for_function("asked => asked.every(each => location.search.includes(each))", arg=asked)
    wait_until_drawn(page)


def choose(page: Page, key: str, option: str) -> None:
    """Choose in a select box without a pointer."""
    box = page.locator(f".st-key-choice_{key} input")
    box.focus()
    box.press("Control+a")
    page.keyboard.type(option)
    page.get_by_role("option", name=option, exact=True).wait_for()
    page.keyboard.press("Enter")


def named(table: str, code: str, column: str = "name_fi") -> str:
    """What the data call something."""
    with (PROJECT / f"sample_data/reference/{table}.csv").open(encoding="utf-8") as file:
        return next(row[column] for row in csv.DictReader(file) if row["code"] == code)


# ---- the map and its twins -----------------------------------------------------------------------------


def test_the_map_has_eighteen_regions_and_aland_as_shapes(page, visit):
    visit("/regions")
    page.locator(SHAPES).nth(18).wait_for(state="attached")
    drawn = page.locator(SHAPES).evaluate_all(
        """paths => paths.map(path => [path.getAttribute('d').length, path.getBBox().width])"""
    )
    assert len(drawn) == 19
    assert all(length > 50 for length, _ in drawn)
    assert max(width for _, width in drawn) < 0.8 * page.locator(".st-key-areas_map").bounding_box()["width"]


MAP_TEXTS = """card => Object.fromEntries(card.querySelector('.js-plotly-plot').data
    .filter(trace => trace.mode?.includes('text') && trace.locations)
    .flatMap(({locations, text}) => [...locations].map((code, i) => [code, [].concat(text)[i] ?? text])))"""


@pytest.mark.parametrize("indicator", ["nr1", "si6"])
def test_the_table_says_what_the_map_shows(indicator, page, visit):
    visit(f"/regions?indicator={indicator}")
    card = page.locator(".st-key-card_regions")
    written = card.locator(".st-key-areas_map").evaluate(MAP_TEXTS)
    page.get_by_role("tab", name=text("card.table", "fi"), exact=True).click()
    card.locator("table.figures").wait_for()
    rows = [row.locator("th, td").all_inner_texts() for row in card.locator("table.figures tbody tr").all()]
    table = {row[0]: row[1] for row in rows}
    assert len(written) == 19
    for code, mark in written.items():
        cell = table.pop(named("areas", code, "label_fi"))
        assert cell.startswith(re.sub("</?b>", "", mark)), f"{code}: {mark} on the map, {cell} in the table"
    assert list(table) == [text("chart.country", "fi")]


def click(page, x: float, y: float) -> None:
    """A click by a hand: it comes from somewhere, and presses when the box says what lies under it."""
    page.mouse.move(x - 4, y - 4)
    page.wait_for_timeout(500)
    page.mouse.move(x, y)
    expect(page.locator(".hovertext")).not_to_have_count(0)
    page.mouse.click(x, y)


def click_the_northernmost_area(page) -> None:
    page.locator("h1").first.scroll_into_view_if_needed()
    north = page.locator(SHAPES).evaluate_all(
        """paths => paths.map(path => path.getBoundingClientRect())
            .map(box => ({x: box.x + box.width * 0.55, y: box.y + box.height * 0.6, top: box.y}))
            .sort((one, other) => one.top - other.top)[0]"""
    )
    click(page, north["x"], north["y"])


def charts_show(page, area: str) -> None:
    """Both charts are drawn anew: the ranked list, the later one, names the area in bold."""
    chosen = page.locator(".st-key-areas_ranked tspan[style*=bold]")
    expect(chosen.filter(has_text=named("areas", area))).to_have_count(1)
    wait_until_drawn(page)


def test_a_click_on_the_map_chooses_the_area(page, visit):
    """Also after the same area was chosen before and left by the select box, and on a dot of the list."""
    visit("/regions?indicator=nr1")
    page.locator(SHAPES).nth(18).wait_for(state="attached")
    click_the_northernmost_area(page)
    link_says(page, area="mk19")
    expect(page.locator(".st-key-choice_area input")).to_have_value(named("areas", "mk19"))
    expect(page.locator("ul.facts")).to_contain_text(named("areas", "mk19", "label_fi"))
    choose(page, "area", named("areas", "mk08"))
    link_says(page, area="mk08")
    charts_show(page, "mk08")
    click_the_northernmost_area(page)
    link_says(page, area="mk19")
    charts_show(page, "mk19")
    page.locator("h1").first.scroll_into_view_if_needed()
    dot = page.locator(".st-key-areas_ranked .scatterlayer .point").first.bounding_box()
    click(page, dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    page.wait_for_function("() => !location.search.includes('area=mk19')")
    expect(page.locator("ul.facts")).to_have_count(1)


def test_the_select_box_does_by_keyboard_what_the_click_does(page, visit):
    visit("/regions?indicator=nr1")
    choose(page, "area", named("areas", "mk08"))
    link_says(page, area="mk08")
    expect(page.locator("ul.facts")).to_contain_text(named("areas", "mk08", "label_fi"))
    choose(page, "area", text("regions.no_area", "fi"))
    page.wait_for_function("() => !location.search.includes('mk08')")
    wait_until_drawn(page)
    expect(page.locator("ul.facts")).to_have_count(0)


# ---- how choices travel --------------------------------------------------------------------------------


def test_each_choice_stands_in_the_link_and_survives_everything(page, visit):
    """Chosen by keyboard; then reload, another language, another page, and back."""
    visit("/regions")
    choose(page, "indicator", f"SI6 {named('indicators', 'si6', 'short_fi')}")
    link_says(page, indicator="si6")
    choose(page, "goal", named("goals", "g2", "short_fi"))
    link_says(page, goal="g2")
    choose(page, "scheme", named("schemes", "evk"))
    link_says(page, scheme="evk")
    choose(page, "period", "7–12/2025")
    wanted = {"indicator": "si6", "goal": "g2", "scheme": "evk", "period": "2025h2"}
    link_says(page, **wanted)
    sentence = page.locator(".st-key-card_regions .sentence").inner_text()

    page.reload()
    link_says(page, **wanted)
    expect(page.locator(".st-key-card_regions .sentence")).to_have_text(sentence)

    page.get_by_role("link", name="SV", exact=True).click()
    expect(page.locator("h1")).to_have_text(text("title.regions", "sv"))
    link_says(page, **wanted, lang="sv")
    expect(page.locator(".st-key-choice_period input")).to_have_value("7–12/2025")
    page.get_by_role("link", name="FI", exact=True).click()
    expect(page.locator("h1")).to_have_text(text("title.regions", "fi"))
    link_says(page, **wanted, lang="fi")

    page.get_by_test_id("stTopNavLink").filter(has_text=text("title.goal", "fi")).click()
    expect(page.locator("h1")).to_have_text(text("title.goal", "fi"))
    link_says(page, goal="g2", lang="fi")
    page.get_by_test_id("stTopNavLink").filter(has_text=text("title.regions", "fi")).click()
    expect(page.locator("h1")).to_have_text(text("title.regions", "fi"))
    link_says(page, **wanted)
    page.go_back()
    expect(page.locator("h1")).to_have_text(text("title.goal", "fi"))
    link_says(page, goal="g2")
    page.go_back()
    expect(page.locator("h1")).to_have_text(text("title.regions", "fi"))
    link_says(page, **wanted)
    expect(page.locator(".st-key-card_regions .sentence")).to_have_text(sentence)


def test_back_undoes_a_choice_of_language(page, visit):
    visit("/regions?indicator=si6")
    page.get_by_role("link", name="EN", exact=True).click()
    expect(page.locator("h1")).to_have_text(text("title.regions", "en"))
    link_says(page, lang="en")
    page.go_back()
    link_says(page, lang="fi", indicator="si6")
    expect(page.locator("h1")).to_have_text(text("title.regions", "fi"))


def test_a_pasted_link_opens_the_same_view_after_signing_in(page, signed_in):
    path = "/regions?indicator=si6&goal=g2&scheme=evk&period=2025h2&view=tiles&area=evk03&release=1"
    signed_in(page, path, lang="sv")
    link_says(page, indicator="si6", goal="g2", scheme="evk", period="2025h2", view="tiles", area="evk03")
    assert choices(page)["release"] == "1"
    expect(page.locator(".st-key-areas_tiles")).to_be_visible()
    expect(page.locator("ul.facts")).to_contain_text("Sydöstra Finland")


def test_a_count_opens_what_it_counts(page, visit):
    visit("/", "sv")
    page.locator(".st-key-tile_money a").click()
    page.wait_for_url("**/regions?*")
    link_says(page, lang="sv", indicator="eur_committed", scheme="maakunta")


# ---- the release ---------------------------------------------------------------------------------------


def release_named(number: int, day: str, language: str = "fi") -> str:
    return text("view.release", language).format(release=number, day=day)


def test_a_release_is_chosen_by_keyboard_and_survives_everything(page, visit, context):
    """Chosen, then another language, reload, another page, back, and the link in another window."""
    visit("/regions?indicator=si6&scheme=evk")
    link_says(page, release="2")
    choose(page, "release", release_named(1, "31.3.2026"))
    link_says(page, release="1", indicator="si6", scheme="evk")
    expect(page.locator(".older")).to_contain_text(text("view.older", "fi").format(release=1))
    sentence = page.locator(".st-key-card_regions .sentence").inner_text()

    page.get_by_role("link", name="SV", exact=True).click()
    expect(page.locator("h1")).to_have_text(text("title.regions", "sv"))
    link_says(page, release="1", lang="sv", indicator="si6", scheme="evk")
    expect(page.locator(".older")).to_contain_text(text("view.older", "sv").format(release=1))
    page.get_by_role("link", name="FI", exact=True).click()
    expect(page.locator("h1")).to_have_text(text("title.regions", "fi"))
    page.reload()
    link_says(page, release="1", lang="fi", indicator="si6", scheme="evk")
    expect(page.locator(".st-key-card_regions .sentence")).to_have_text(sentence)

    pasted = context.new_page()
    pasted.goto(page.url)
    pasted.locator("h1").first.wait_for()
    link_says(pasted, release="1", indicator="si6", scheme="evk")
    expect(pasted.locator(".st-key-card_regions .sentence")).to_have_text(sentence)
    pasted.close()

    page.get_by_test_id("stTopNavLink").filter(has_text=text("title.goal", "fi")).click()
    expect(page.locator("h1")).to_have_text(text("title.goal", "fi"))
    link_says(page, release="1")
    page.go_back()
    expect(page.locator("h1")).to_have_text(text("title.regions", "fi"))
    link_says(page, release="1", indicator="si6", scheme="evk")


def test_the_line_over_an_older_release_leads_to_the_newest_and_back_returns(page, visit):
    visit("/organisations?release=1&goal=g2")
    page.locator(".older a").focus()
    page.keyboard.press("Enter")
    link_says(page, release="2", goal="g2")
    expect(page.locator(".older")).to_have_count(0)
    expect(page.locator(".st-key-choice_release input")).to_have_value(release_named(2, "30.9.2026"))
    page.go_back()
    link_says(page, release="1", goal="g2")
    expect(page.locator(".older")).to_be_visible()


def test_the_line_of_changes_leads_to_their_card(page, visit):
    visit("/", "sv")
    page.locator(".changes a").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-card_changes")).to_be_focused()
    expect(page.locator(".st-key-card_changes h2")).to_be_in_viewport()
    choose(page, "changed", f"SI6 {named('indicators', 'si6', 'short_sv')}")
    link_says(page, changed="si6", since="1", release="2")
    expect(page.locator(".st-key-card_changes .sentence")).to_contain_text("96 → 93")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_release_is_beside_or_below_the_title_and_covers_nothing(width, page, visit):
    page.set_viewport_size({"width": width, "height": 844})
    for path in ("/", "/regions?release=1"):
        visit(path) if path == "/" else page.goto(path)
        page.locator(".st-key-release input").wait_for()
        wait_until_drawn(page)
        picker, title = page.locator(".st-key-release").bounding_box(), page.locator("h1").bounding_box()
        beside = picker["x"] > title["x"] + 200
        assert beside or picker["y"] >= title["y"] + title["height"] - 1
        assert picker["x"] + picker["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
