"""The frame in a real browser: who comes in, what a stranger receives, languages, look."""

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from pages.frame.navigation import PAGES
from pages.frame.texts import LANGUAGES, text
from tests.conftest import come_in, fill_form

PASSWORD = "input[type=password]"
MENU = "stTopNav"


def is_titled(page: Page, key: str, language: str) -> None:
    expect(page).to_have_title(f"{text(key, language)} – {text('frame.name', language)}")


def choices(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlparse(page.url).query)


# ---- coming in -----------------------------------------------------------------------------------------


def test_the_first_visitor_of_a_cold_server_comes_to_the_page_of_the_link(cold_server, page, drawn):
    server = cold_server()
    page.goto(f"{server.url}/goal?lang=sv&goal=g3")
    page.locator(PASSWORD).wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)
    come_in(page, "viewer", server.password)
    is_titled(page, "title.goal", "sv")
    drawn(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert choices(page)["goal"] == ["g3"]
    page.reload()
    drawn(page)
    is_titled(page, "title.goal", "sv")


@pytest.mark.parametrize("address", [*(entry.url_path for entry in PAGES), "no-such-page"])
def test_a_stranger_gets_the_form_and_nothing_else(address, page):
    received: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(str(data))))
    page.goto(f"/{address}?lang=fi")
    page.locator(PASSWORD).wait_for()
    expect(page.get_by_test_id(MENU)).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text([text("frame.name", "fi")])
    is_titled(page, "sign_in.title", "fi")
    assert received
    for secret in ("Kymenlaakso", "Pesäpuu", "NR1", "cdn."):
        assert not [frame for frame in received if secret in frame], f"{secret} was sent to a stranger"


def test_wrong_unknown_and_empty_get_the_same_answer(page, drawn):
    answers = []
    for name, password in (("viewer", "not this one"), ("nobody", "not this one"), ("", ""), ("viewer", "")):
        page.goto("/about?lang=fi")
        page.locator(PASSWORD).wait_for()
        fill_form(page, name, password)
        answers.append(page.get_by_test_id("stAlert").filter(has_text="yrity").inner_text())
        drawn(page)
        expect(page.get_by_test_id(MENU)).to_have_count(0)
    assert set(answers) == {text("sign_in.refused", "fi")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_has_no_word_of_another_language(language, page):
    page.goto(f"/?lang={language}")
    page.locator(PASSWORD).fill("x")
    expect(page.get_by_test_id("InputInstructions")).to_have_text(text("streamlit.submit", language))


@pytest.mark.parametrize("is_asked", [True, False], ids=["asked", "reloaded before it was asked"])
def test_whoever_signs_out_is_out_after_a_reload_too(is_asked, page, signed_in, drawn):
    signed_in(page, "/about")
    if not is_asked:
        page.route("**/sign-out", lambda asked: asked.fulfill(status=204))
    page.get_by_test_id("stPopoverButton").first.click()
    with page.expect_navigation():  # by itself
        page.get_by_role("button", name=text("sign_in.out", "fi")).click()
    page.locator(PASSWORD).wait_for()
    drawn(page)
    expect(page.get_by_test_id(MENU)).to_have_count(0)
    page.reload()
    page.locator(PASSWORD).wait_for()
    assert urlparse(page.url).path == "/about"
    assert not [cookie for cookie in page.context.cookies() if "turvaverkko" in cookie["name"]]


def test_a_disabled_account_is_out_at_the_next_step(server, page, drawn):
    password = "vain-tata-koetta-varten"
    server.store.command("account", "create", "leaver", "--role", "viewer", "--password", password)
    page.goto("/?lang=fi")
    page.locator(PASSWORD).wait_for()
    come_in(page, "leaver", password)
    page.get_by_test_id(MENU).wait_for()
    drawn(page)
    server.store.command("account", "disable", "leaver")
    page.reload()  # The menu may have gone already: an open page ends by itself within seconds.
    page.locator(PASSWORD).wait_for()
    expect(page.get_by_test_id(MENU)).to_have_count(0)


def test_the_demonstration_accounts_are_announced_without_their_password(server, page):
    page.goto("/?lang=en")
    warning = page.get_by_test_id("stAlert").filter(has_text="demonstration")
    expect(warning).to_contain_text("viewer, regional, facilitator, steward, administrator")
    assert server.password not in page.content()


# ---- languages -----------------------------------------------------------------------------------------


def test_another_language_keeps_the_place(page, signed_in, drawn):
    signed_in(page, "/regions?scheme=evk")
    for language in ("sv", "en", "fi"):
        link = page.get_by_role("link", name=language.upper(), exact=True)
        link.focus()
        page.keyboard.press("Enter")
        is_titled(page, "title.regions", language)
        drawn(page)
        expect(link).to_have_attribute("aria-current", "true")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.get_by_test_id(MENU)).to_have_attribute("aria-label", text("frame.menu", language))
        assert choices(page) | {"lang": [language], "scheme": ["evk"]} == choices(page)


def test_the_language_follows_the_reader_to_the_next_page(page, signed_in, drawn):
    signed_in(page, "/about", lang="en")
    page.get_by_test_id("stTopNavLink").filter(has_text=text("title.present", "en")).click()
    is_titled(page, "title.present", "en")
    drawn(page)
    assert choices(page)["lang"] == ["en"]


@pytest.mark.parametrize(("locale", "language"), [("sv-FI", "sv"), ("en-US", "en"), ("de-DE", "fi")])
def test_without_a_choice_the_browser_decides(locale, language, browser, server):
    with browser.new_context(locale=locale, base_url=server.url) as context:
        page = context.new_page()
        page.goto("/about")
        is_titled(page, "sign_in.title", language)
        expect(page.locator("html")).to_have_attribute("lang", language)


# ---- look and keys -------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_door_and_the_frame_have_no_accessibility_violation(
    language, scheme, page, signed_in, violations
):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/present?lang={language}")
    page.locator(PASSWORD).wait_for()
    assert violations() == []
    signed_in(page, "/about", lang=language)
    page.get_by_test_id("stPopoverButton").first.click()
    page.get_by_role("button", name=text("sign_in.out", language)).wait_for()
    assert violations() == []


def test_on_a_phone_nothing_is_cut_off_and_the_menu_leads_on(page, signed_in, drawn):
    page.set_viewport_size({"width": 390, "height": 844})
    signed_in(page, "/about")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Avaa valikko").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text=text("title.goal", "fi")).click()
    is_titled(page, "title.goal", "fi")
    drawn(page)
    expect(page.get_by_role("button", name="Avaa valikko")).to_be_visible()


def test_the_appearance_can_be_changed_and_stays(page, signed_in, drawn):
    page.emulate_media(color_scheme="light")
    signed_in(page, "/about")
    page.get_by_role("button", name=text("frame.to_dark", "fi")).click()
    page.get_by_role("button", name=text("frame.to_light", "fi")).wait_for()
    drawn(page)
    page.goto("/goal?lang=fi")
    page.get_by_role("button", name=text("frame.to_light", "fi")).wait_for()


def test_single_keys_do_nothing(page, signed_in):
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data)))
    signed_in(page, "/about")
    page.locator("h1").first.click()
    before = len(sent)
    page.keyboard.press("r")
    page.keyboard.press("c")
    page.wait_for_timeout(500)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(sent) == before


def test_the_menu_is_hidden_while_presenting(page, signed_in):
    signed_in(page, "/present")
    expect(page.get_by_test_id(MENU)).to_be_hidden()
    whole = page.get_by_role("button", name=text("present.whole", "fi"))
    for is_whole in (True, False):
        whole.click()
        page.wait_for_function("wanted => Boolean(document.fullscreenElement) === wanted", arg=is_whole)
    leave = page.get_by_role("link", name=text("present.leave", "fi"))
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        leave.click(trial=True)  # Nothing lies over it.
    leave.click()
    expect(page.locator("h1")).to_have_text(text("title.overview", "fi"))
