"""One area's page in a real browser: its parts for everyone, and the way to it from a comparison."""

import re

import pytest
from playwright.sync_api import Page, expect

from pages.frame.texts import text
from tests.browser.test_pages import DESK, PHONE, does_not_scroll_sideways, open_faces
from tests.conftest import wait_until_drawn

PARTS = {"indicators": "fi", "projects": "sv", "beside": "en"}
"""The parts that the page does not open with, each in another language."""


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_drawn_for_everyone(part, colours, page: Page, visit, violations):
    language = PARTS[part]
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size(PHONE if colours == "light" else DESK)
    visit(f"/profile?scheme=maakunta&area=mk14&part={part}", language)
    assert violations() == []
    open_faces(page, "table", language)
    assert violations() == []
    does_not_scroll_sideways(page)


def test_from_a_comparison_to_the_profile_and_on_to_an_area_like_it(page: Page, visit):
    visit("/regions?scheme=maakunta&area=mk08")
    page.get_by_role("link", name=text("regions.to_profile", "fi")).click()
    title = page.get_by_role("heading", level=2, name="Kymenlaakso (maakunta)")
    expect(title).to_be_visible()
    wait_until_drawn(page)
    page.get_by_role("radio", name=text("profile.beside", "fi")).press("Enter")
    near = page.locator(".st-key-card_similar tbody a").first
    expect(near).to_be_visible()
    name = near.inner_text()
    near.click()
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
    expect(page).to_have_url(re.compile(r"part=beside"))
    page.reload()
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
