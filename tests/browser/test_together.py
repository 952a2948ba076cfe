"""What a run sends is handed on together, so that the page is drawn once for it."""

from playwright.sync_api import Page

from pages.frame.texts import text
from tests.browser.test_choices import choose, link_says, named
from tests.conftest import PROJECT

# A connection that receives what the test says, in our class; "seen" is what its listener was handed.
CONNECTED = """async script => {
    window.WebSocket = class extends EventTarget {};
    (0, eval)(script);
    const connection = new WebSocket();
    window.seen = [];
    connection.addEventListener("message", ({ data }) => seen.push(data.byteLength));
    window.receive = (...sizes) => sizes.forEach(size =>
        connection.dispatchEvent(new MessageEvent("message", { data: new ArrayBuffer(size) })));
    window.close = () => connection.dispatchEvent(new Event("close"));
}"""


def connected(page: Page) -> None:
    page.goto("about:blank")
    script = (PROJECT / "pages/frame/together.js").read_text(encoding="utf-8")
    page.evaluate(CONNECTED, f"{{{script}}}")


def test_the_end_of_a_run_hands_all_of_it_on_in_order(page):
    connected(page)
    assert page.evaluate("() => { receive(300, 40, 5000); return [...seen] }") == []
    assert page.evaluate("() => { receive(2); return [...seen] }") == [300, 40, 5000, 2]
    assert page.evaluate("() => { receive(7); return [...seen].length }") == 4, "the next run"


def test_a_run_that_goes_on_is_handed_on_in_parts(page):
    connected(page)
    page.evaluate("receive(300, 40)")
    page.wait_for_function("() => seen.length === 2")
    page.evaluate("receive(50)")
    page.wait_for_function("() => seen.length === 3")


def test_a_connection_that_ends_hands_on_what_came(page):
    connected(page)
    assert page.evaluate("() => { receive(300, 40); window.close(); return [...seen] }") == [300, 40]


def test_a_changed_choice_ends_with_the_shortest_message(page, visit):
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(len(data))))
    visit("/regions?view=map")
    choose(page, "goal", named("goals", "g2", "short_fi"))
    link_says(page, goal="g2")
    frames.clear()
    choose(page, "goal", text("filters.all_goals", "fi"))
    link_says(page, goal="all")
    assert frames[-1] == 2
