"""The page of organisations for everyone: each view by axe and on a phone, counts and graph by keyboard."""

import pytest
from playwright.sync_api import expect

from pages.frame.texts import LANGUAGES, text
from tests.browser.test_choices import choose, link_says
from tests.browser.test_pages import DESK, does_not_scroll_sideways

VIEWS = {
    "growth": "turnover",
    "lists&list=several_projects": "list",
    "areas": "matrix",
    "bridges": "apart",
    "graph&goal=g4": "graph",
}


@pytest.mark.parametrize(("view", "card"), VIEWS.items(), ids=[view.split("&")[0] for view in VIEWS])
def test_a_view_is_drawn_for_everyone(view, card, page, visit, violations):
    number = list(VIEWS).index(view)
    language = LANGUAGES[number % len(LANGUAGES)]
    page.emulate_media(color_scheme="dark" if number % 2 else "light")
    page.set_viewport_size(DESK)
    visit(f"/organisations?view={view}", language)
    expect(page.locator(f".st-key-card_{card} .sentence")).to_be_visible()
    assert violations() == []
    does_not_scroll_sideways(page)


def test_a_count_opens_its_list_by_keyboard(page, visit):
    visit("/organisations?view=counts")
    count = page.locator(".st-key-card_breakdown a[data-within]").first
    number = count.inner_text()
    count.focus()
    page.keyboard.press("Enter")
    link_says(page, view="lists", list="type")
    expect(page.locator(".st-key-card_list")).to_be_focused()
    expect(page.locator(".st-key-card_list tbody tr")).to_have_count(int(number))


def test_the_graph_is_told_without_seeing_it_and_an_organisation_is_chosen_by_keyboard(page, visit):
    visit("/organisations?view=graph&goal=g4", "sv")
    sentence = page.locator(".st-key-card_graph .sentence").inner_text()
    expect(page.get_by_test_id("stEChartsChart")).to_have_accessible_name(sentence)
    options = page.locator(".st-key-choice_organisation")
    options.locator("input").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").nth(1).wait_for()
    name = page.get_by_role("option").nth(1).inner_text()
    choose(page, "organisation", name)
    link_says(page, view="graph", organisation="")
    expect(page.locator(".st-key-card_own h2").first).to_contain_text(name)
    page.locator(".st-key-card_partners a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-card_own")).to_be_focused()
    table = page.locator(".st-key-card_graph").get_by_role("tab", name=text("card.table", "sv"), exact=True)
    table.click()
    expect(page.locator(".st-key-card_graph table.figures")).to_be_visible()
