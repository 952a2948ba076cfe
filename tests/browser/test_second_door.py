"""The second door in a browser: to the provider, which is another site, and back to the page of the link."""

import pytest
from playwright.sync_api import Page, expect

from data_access import accounts
from data_access.scope import operator
from pages.frame.texts import text
from tests.browser.test_door import choices, is_titled
from tests.client import COOKIE
from tests.conftest import free_port, running
from tests.provider import Provider, providing


@pytest.fixture(scope="module")
def provider():
    with providing() as found:
        yield found


@pytest.fixture(scope="module")
def doors(demo_store, provider, tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("second-door"), free_port()
    store = demo_store.copy(folder / "store")
    with store.in_use():
        for name in ("anna", "bertta"):
            accounts.create_account(name, name.title(), "viewer", None, actor=operator())
            accounts.link(name, f"{name}-of-the-provider", provider.issuer, actor=operator())
        accounts.disable("bertta", actor=operator())
    with running(store, folder / "log", port, **provider.settings(port)) as server:
        yield server


def go_in(page: Page, address: str, who: str, provider: Provider) -> None:
    page.goto(address)
    page.get_by_role("button", name=text("second_door.button", "sv")).click()
    page.wait_for_url(f"{provider.issuer}/**")
    page.get_by_role("textbox", name="Who").fill(who)
    page.get_by_role("button", name="Go on").click()


def cookies(page: Page) -> dict[str, dict]:
    return {each["name"]: each for each in page.context.cookies()}


def test_a_reader_comes_in_to_the_page_of_the_link_and_out_again(doors, provider, page, drawn):
    go_in(page, f"{doors.url}/goal?lang=sv&goal=g3", "anna-of-the-provider", provider)
    page.get_by_test_id("stTopNav").wait_for()
    is_titled(page, "title.goal", "sv")
    drawn(page)
    assert choices(page)["goal"] == ["g3"]
    kept = cookies(page)
    assert (kept[COOKIE]["httpOnly"], kept[COOKIE]["secure"], kept[COOKIE]["sameSite"]) == (
        True,
        True,
        "Strict",
    )
    assert not [name for name in kept if "user" in name], "the provider's tokens are not kept"
    page.reload()
    page.get_by_test_id("stTopNav").wait_for()
    drawn(page)

    page.get_by_test_id("stPopoverButton").filter(has_text="Anna").click()
    with page.expect_navigation():  # by itself
        page.get_by_role("button", name=text("sign_in.out", "sv")).click()
    page.locator("input[type=password]").wait_for()
    drawn(page)
    page.context.add_cookies([*kept.values()])
    page.goto(f"{doors.url}/goal?lang=sv")
    page.get_by_role("button", name=text("second_door.button", "sv")).wait_for()
    drawn(page)
    expect(page.get_by_test_id("stTopNav")).to_have_count(0)


@pytest.mark.parametrize("who", ["nobody", "bertta-of-the-provider"])
def test_whoever_has_no_open_account_is_told_and_led_back(who, doors, provider, page, watch, violations):
    go_in(page, f"{doors.url}/about?lang=sv", who, provider)
    expect(page.get_by_role("alert")).to_have_text(text("second_door.unknown", "sv"))
    assert violations() == []
    assert COOKIE not in cookies(page)
    page.get_by_role("link", name=text("second_door.back", "sv")).click()
    page.get_by_role("button", name=text("second_door.button", "sv")).wait_for()
    assert page.url == f"{doors.url}/about?lang=sv"
    watch.errors = [error for error in watch.errors if "403 (Forbidden)" not in error]


def test_the_door_with_both_ways_in_has_no_accessibility_violation(doors, page, drawn, violations):
    page.goto(f"{doors.url}/about?lang=sv")
    page.get_by_role("button", name=text("second_door.button", "sv")).wait_for()
    drawn(page)
    assert violations() == []


def test_without_a_provider_there_is_no_second_door(server, page, drawn):
    page.goto(f"{server.url}/about?lang=sv")
    page.locator("input[type=password]").wait_for()
    drawn(page)
    expect(page.get_by_role("button", name=text("second_door.button", "sv"))).to_have_count(0)
