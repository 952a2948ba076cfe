"""A steward merges two spellings and undoes it, with the keyboard, on a phone."""

from playwright.sync_api import expect

from pages.frame.texts import text
from tests.conftest import come_in

PAIR = ".st-key-card_demo-o60_demo-o89"
PHONE = {"width": 390, "height": 844}


def test_a_pair_is_merged_and_the_merge_undone(cold_server, page, drawn, violations):
    server = cold_server()
    page.set_viewport_size(PHONE)
    page.goto(f"{server.url}/identities?lang=sv")
    come_in(page, "steward", server.password)
    card = page.locator(PAIR)
    reason = card.get_by_label(text("duplicates.reason", "sv"))
    reason.focus()
    page.keyboard.type("Samma förening")
    page.keyboard.press("Enter")
    drawn(page)
    expect(card).to_have_count(1)  # Enter alone decides nothing
    page.keyboard.press("Tab")
    expect(card.get_by_role("button", name=text("decision.same", "sv"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(text("decided.merged", "sv").format(number=1002))).to_be_in_viewport()
    expect(card).to_have_count(0)
    made = page.locator(".st-key-decision_1002")
    expect(made).to_contain_text("Samma förening")
    drawn(page)
    assert violations() == []

    undo = text("duplicates.undo", "sv").format(number=1002)
    made.get_by_role("button", name=undo).click()
    page.get_by_label(text("duplicates.undo_reason", "sv")).fill("Två föreningar")
    page.get_by_test_id("stPopoverBody").get_by_role("button", name=undo).click()
    expect(card).to_have_count(1)
    expect(page.locator(".st-key-decision_1003")).to_contain_text("Två föreningar")
    expect(made).to_contain_text(text("decision.same", "sv"))
    expect(made.get_by_role("button")).to_have_count(0)
    drawn(page)
    assert violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
