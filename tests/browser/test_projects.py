"""What a person does on the page of projects: search, order, open a card, go back, send the link on."""

from playwright.sync_api import Page, expect

from pages.frame.texts import LANGUAGES, text
from tests.browser.test_choices import choices, choose, link_says
from tests.browser.test_pages import WIDEST, open_faces
from tests.conftest import wait_until_drawn


def names(page: Page) -> list[str]:
    return page.locator(".st-key-card_projects tbody th").all_inner_texts()


def search(page: Page, written: str) -> None:
    page.locator(".st-key-choice_q input").fill(written)
    page.keyboard.press("Enter")


def test_a_person_searches_orders_opens_a_card_and_goes_back(page, visit, context):
    """By keyboard; then back, forward, another language, reload, and the link in another window."""
    visit("/projects")
    search(page, "hyvinvointialue")
    link_says(page, q="hyvinvointialue")
    choose(page, "order", text("register.by_paid_share", "fi"))
    link_says(page, order="paid_share", q="hyvinvointialue")
    choose(page, "goal", "Vanhemmuuden tuki")
    link_says(page, goal="g2", order="paid_share")
    expect(page.locator(".st-key-card_projects tbody tr")).not_to_have_count(30)
    wait_until_drawn(page)
    found = names(page)
    assert 1 < len(found) < 15
    wanted = {"q": "hyvinvointialue", "order": "paid_share", "goal": "g2"}

    page.get_by_role("link", name=found[0]).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-card_project h2").first).to_contain_text(found[0])
    link_says(page, project="demo-p", **wanted)
    code = choices(page)["project"]
    page.go_back()
    expect(page.locator(".st-key-card_project")).to_have_count(0)
    wait_until_drawn(page)
    assert names(page) == found
    expect(page.locator(".st-key-choice_q input")).to_have_value("hyvinvointialue")
    page.go_forward()
    expect(page.locator(".st-key-card_project h2").first).to_contain_text(found[0])

    page.get_by_role("link", name="SV", exact=True).click()
    expect(page.locator("h1")).to_have_text(text("title.projects", "sv"))
    link_says(page, lang="sv", project=code, **wanted)
    page.reload()
    link_says(page, lang="sv", project=code, **wanted)
    expect(page.locator(".st-key-card_project h2").first).to_be_visible()

    pasted = context.new_page()
    pasted.goto(page.url)
    pasted.locator(".st-key-card_project h2").first.wait_for()
    link_says(pasted, project=code, **wanted)
    pasted.get_by_role("link", name=text("project.back", "sv")).click()
    expect(pasted.locator(".st-key-card_projects")).to_be_focused()
    expect(pasted.locator(".st-key-card_projects tbody tr")).to_have_count(len(found))
    pasted.close()


def test_what_was_asked_is_taken_back_in_one_step(page, visit):
    visit("/projects?q=zzz&goal=g2", "sv")
    expect(page.get_by_text(text("register.nothing", "sv"))).to_be_visible()
    page.get_by_role("link", name=text("register.anew", "sv")).click()
    expect(page.locator(".st-key-card_projects tbody tr")).to_have_count(30)
    expect(page.locator(".st-key-choice_q input")).to_have_value("")
    link_says(page, goal="all")


def test_a_card_is_for_everyone(page, visit, violations):
    """Each language, once of them in the dark, and the faces of the cards; nothing sideways on a phone."""
    for language in LANGUAGES:
        page.emulate_media(color_scheme="dark" if language == "sv" else "light")
        page.set_viewport_size({"width": 1440, "height": 900})
        visit("/projects?project=demo-p25", language)
        assert violations() == []
        page.set_viewport_size({"width": 320, "height": 700})
        page.wait_for_function(f"() => ({WIDEST})() <= 320")
    for face in ("table", "method", "download"):
        open_faces(page, face, "en")
        assert violations() == [], face
        page.wait_for_function(f"() => ({WIDEST})() <= 320")


def test_on_a_phone_the_list_is_searched_and_read(page, visit):
    page.set_viewport_size({"width": 390, "height": 844})
    visit("/projects")
    search(page, "lyhty")
    link_says(page, q="lyhty")
    expect(page.locator(".st-key-card_projects tbody tr")).to_have_count(1)
    page.wait_for_function(f"() => ({WIDEST})() <= 390")
    page.locator(".st-key-card_projects tbody a").click()
    expect(page.locator(".st-key-card_project h2").first).to_contain_text("Lyhty")
    wait_until_drawn(page)
    page.wait_for_function(f"() => ({WIDEST})() <= 390")
