"""An account from its invitation on, in a browser; and what hostile texts can do in every field and link."""

import json
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from data_access import accounts, audit
from data_access.queries import accounts as account_queries
from data_access.scope import operator
from data_access.store import reading
from pages.frame.navigation import PAGES
from pages.frame.texts import text
from tests.conftest import PROJECT, come_in

HOSTILE = json.loads(Path(__file__).with_name("hostile.json").read_text(encoding="utf-8"))
FIRST, SECOND = "lumi narskuu kengän alla", "kesällä narskuu hiekka"
RAN = "window.ran"
CHOSEN = re.compile(
    r'(?:choice|choose\w*|current|keep|set_choice|write|slide)\(\s*"(\w+)"|query_params(?:\.\w+)?[\[(]\s*"(\w+)"'
)
CHOICES = {
    name
    for file in (PROJECT / "pages").rglob("*.py")
    for found in CHOSEN.findall(file.read_text(encoding="utf-8"))
    for name in filter(None, found)
}
"""What pages look for in their links."""
FIELDS = ".stApp :is(input[type=text], textarea):visible:not([role=combobox])"


def choose(page: Page, *passwords: str) -> None:
    for field, password in zip(page.locator("input[type=password]").all(), passwords, strict=True):
        field.fill(password)
    page.get_by_role("button").click()


def test_an_invitation_becomes_an_account_that_changes_its_password(server, page, watch, violations):
    said = server.store.command("account", "invite", "anna", "--role", "viewer", "--address", server.url)
    page.goto(f"{said.stdout.strip()}")
    expect(page).to_have_url(f"{server.url}/welcome")
    assert violations() == []
    choose(page, "lyhyt", "lyhyt")
    expect(page.get_by_role("alert")).to_have_text(text("password_problem.short", "fi").format(least=15))
    assert violations() == []
    choose(page, FIRST, FIRST)
    page.get_by_test_id("stTopNav").wait_for()
    (cookie,) = [each for each in page.context.cookies() if each["name"] == "__Host-turvaverkko"]
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
    assert "turvaverkko" not in page.evaluate("document.cookie")

    page.get_by_test_id("stPopoverButton").first.click()
    page.get_by_role("link", name=text("title.own", "fi")).click()
    page.get_by_role("link", name=text("own.password", "fi")).click()
    choose(page, SECOND, SECOND, SECOND)
    expect(page.get_by_role("alert")).to_have_text(text("choose.wrong", "fi"))
    choose(page, FIRST, SECOND, SECOND)
    page.get_by_test_id("stTopNav").wait_for()
    page.goto(said.stdout.strip())
    choose(page, FIRST, FIRST)
    expect(page.get_by_role("alert")).to_have_text(text("choose.void", "fi"))
    watch.errors = [error for error in watch.errors if "400 (Bad Request)" not in error]


def test_an_open_page_that_nobody_touches_shows_the_form_when_its_sign_in_ends(server, page, signed_in):
    with server.store.in_use():
        accounts.create_account("idle", "Idle", "viewer", server.password, actor=operator())
    signed_in(page, "/about", role="idle")
    with server.store.in_use():
        accounts.disable("idle", actor=operator())
    page.locator("input[type=password]").wait_for()
    expect(page.get_by_test_id("stTopNav")).to_have_count(0)
    expect(page.get_by_text("Idle")).to_have_count(0)
    come_in(page, "viewer", server.password)
    page.get_by_test_id("stTopNav").wait_for()


# ---- hostile texts --------------------------------------------------------------------------------------


def nothing_ran(page: Page, *hostile: str) -> None:
    """Nothing ran, and no trace is told, of what was asked for or stands in the page."""
    assert page.evaluate(f"typeof {RAN}") == "undefined", f"ran: {hostile[:3]}"
    shown = page.locator("body").inner_text()
    for each in hostile:
        for length in (len(each), 48, 12):  # what is asked for and is not there is told, cut short
            shown = shown.replace(each[:length], "")
    for trace in ("Traceback", "site-packages", ".py", "sqlite", "SELECT "):
        assert trace not in shown, f"{trace} is shown for {hostile[:3]}"


def through_everything(server, page: Page, drawn, hostile: list[str]) -> None:
    """Each text as a name at the door, as the value of every choice in a link, in every field of the pages
    that have some, and as a person's name."""
    for each in hostile:
        page.goto(f"{server.url}/about?lang=fi")
        page.locator("input[type=password]").wait_for()
        page.locator("[data-testid=stForm] input[type=text]").fill(each[:200])
        page.locator("input[type=password]").fill(each[:200])
        page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
        page.get_by_test_id("stAlert").first.wait_for()
        nothing_ran(page, each)
    page.goto(f"{server.url}/accounts?lang=fi")
    come_in(page, "administrator", server.password)
    page.get_by_test_id("stTopNav").wait_for()
    for number, each in enumerate(hostile):
        asked = "&".join(f"{name}={quote(each, safe='')}" for name in CHOICES)
        page.goto(f"{server.url}/{PAGES[number % len(PAGES)].url_path}?{asked}")
        page.locator("h1").first.wait_for()
        nothing_ran(drawn(page), each)
    with server.store.in_use():
        before = known(), len(trail())
        for path in pages_with_fields(server, page, drawn):
            page.goto(f"{server.url}/{path}?lang=fi")
            for each in hostile:
                fill_everything(drawn(page), each)
                nothing_ran(drawn(page), each)
        assert known().equals(before[0])
        assert len(trail()) == before[1], "something was done that nobody asked for"
    made = {f"h{number}": each for number, each in enumerate(hostile)}
    with server.store.in_use():
        for name, each in made.items():
            before = known()
            with suppress(accounts.AccountError):
                accounts.create_account(name, each, "viewer", None, actor=operator())
            after = known()
            assert after.drop(name, errors="ignore").equals(before), "something else is changed"
            assert name not in after.index or after.loc[name, "display_name"] == (each.strip() or name)
    for name in [*made][::10]:
        page.goto(f"{server.url}/accounts?lang=fi&account={name}")
        nothing_ran(drawn(page), *made.values())


def pages_with_fields(server, page: Page, drawn) -> list[str]:
    found = []
    for entry in PAGES:
        page.goto(f"{server.url}/{entry.url_path}?lang=fi")
        page.locator("h1").first.wait_for()
        if drawn(page).locator(FIELDS).count():
            found.append(entry.url_path)
    assert {"accounts", "projects"} <= set(found)
    return found


def fill_everything(page: Page, text: str) -> None:
    """Type a text into each field and leave it, which sends it to the server where it stands in no form."""
    for number in range(page.locator(FIELDS).count()):
        field = page.locator(FIELDS).nth(number)
        field.fill(text[: int(field.get_attribute("maxlength") or 200)])
        field.press("Tab")


def trail():
    with reading() as session:
        return audit.listing(session)


def known():
    return account_queries.accounts(operator()).drop(columns="last_sign_in").set_index("name")


def test_hostile_texts_change_nothing_and_run_nowhere(cold_server, page, drawn):
    through_everything(cold_server(), page, drawn, HOSTILE[::45])


@pytest.mark.soak
def test_all_hostile_texts_change_nothing_and_run_nowhere(cold_server, page, drawn):
    through_everything(cold_server(), page, drawn, HOSTILE)
