"""Every page of the list in a real browser. A new page is tested by its line in the list."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pages.frame.navigation import PAGES, PageEntry
from pages.frame.texts import LANGUAGES, text, texts
from tests.conftest import PROJECT, wait_until_drawn

PHONE = {"width": 320, "height": 700}
DESK = {"width": 1440, "height": 900}
WIDEST = """() => Math.max(document.documentElement.scrollWidth,
    document.querySelector('[data-testid="stMain"]').scrollWidth)"""

by_page = pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
by_language = pytest.mark.parametrize("language", LANGUAGES)


def path_of(entry: PageEntry) -> str:
    return f"/{entry.url_path}"


def open_faces(page: Page, face: str, language: str) -> None:
    """Open this face of every card."""
    tabs = page.get_by_role("tab", name=text(f"card.{face}", language), exact=True)
    tabs.evaluate_all("tabs => tabs.forEach(tab => tab.click())")
    for card in page.locator("[class*=st-key-card_]:has([role=tab])").all():
        expect(card.locator(FACES[face]).first).to_be_visible()
    wait_until_drawn(page)


FACES = {
    "table": "[role=tabpanel] table.figures",
    "method": "[role=tabpanel] [data-testid=stMarkdown]",
    "download": "[role=tabpanel] [data-testid=stDownloadButton]",
}


def does_not_scroll_sideways(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.wait_for_function(f"() => ({WIDEST})() <= {PHONE['width']}")


@by_language
@by_page
def test_a_page_is_drawn_for_everyone(entry, language, page, visit, violations):
    """Title, language, charts and their faces without a violation, and no sideways scrolling on the
    narrowest phone. The page asks no other host and its console shows no error (fixture `watch`)."""
    page.set_viewport_size(PHONE)
    visit(path_of(entry), language)
    expect(page).to_have_title(f"{text(f'title.{entry.key}', language)} – {text('frame.name', language)}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    does_not_scroll_sideways(page)
    page.set_viewport_size(DESK)
    wait_until_drawn(page)
    for chart in page.get_by_test_id("stPlotlyChart").all():
        assert chart.evaluate(DRAWN), "a chart without a mark"
    assert violations() == []
    open_faces(page, "table", language)
    assert violations() == []
    does_not_scroll_sideways(page)


@by_page
def test_method_and_file_of_every_figure_are_for_everyone(entry, page, visit, violations):
    visit(path_of(entry))
    for face in ("method", "download"):
        open_faces(page, face, "fi")
        assert violations() == [], face


DRAWN = "chart => [...chart.querySelectorAll('svg path')].some(path => path.getBBox().width > 5)"


@by_page
def test_a_page_is_drawn_in_the_dark(entry, page, visit, violations):
    """Each page in another language, so that all of them are seen in the dark."""
    language = LANGUAGES[PAGES.index(entry) % len(LANGUAGES)]
    page.emulate_media(color_scheme="dark")
    visit(path_of(entry), language)
    assert "dark" in page.locator(".stApp").evaluate("app => getComputedStyle(app).colorScheme")
    assert violations() == []
    open_faces(page, "table", language)
    assert violations() == []


# ---- keyboard ------------------------------------------------------------------------------------------

# Controls that a reader can see and work; of a group that the arrow keys move in, only the way in.
CONTROLS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex]')]
    .filter(it => it.tabIndex >= 0 && !it.disabled && it.checkVisibility({visibilityProperty: true})
        && it.getClientRects().length && !it.closest('[aria-hidden="true"], [inert]'))
    .filter(it => !it.closest('[role="radiogroup"]') || it.ariaChecked === 'true')
    .map((it, i) => (it.dataset.control = i, it.outerHTML.slice(0, 160)))"""
FOCUSED = """() => {
    const it = document.activeElement;
    const marked = at => at && at !== document.body && (() => {
        const style = getComputedStyle(at);
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
        return outlined || style.boxShadow !== 'none' || marked(at.parentElement);
    })();
    const seen = Boolean(marked(it));
    return it === document.body ? null : [it.dataset.control, seen, it.outerHTML.slice(0, 160)];
}"""


@by_page
def test_every_control_is_reached_by_keyboard_and_shows_it(entry, page, visit):
    # Where the menu does not fit, Streamlit moves its end into a list of its own while the page is drawn.
    page.set_viewport_size(DESK)
    visit(path_of(entry))
    controls: list[str] = []
    while controls != (controls := page.evaluate(CONTROLS)):
        page.wait_for_timeout(300)
    reached, unseen = set(), []
    for _ in range(2 * len(controls) + 10):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        reached.add(focused[0])
        if not focused[1]:
            unseen.append(focused[2])
    missed = [markup for i, markup in enumerate(controls) if str(i) not in reached]
    assert not missed, f"never reached: {missed}"
    assert not unseen, f"reached without a mark: {unseen}"


# ---- what does not fit ---------------------------------------------------------------------------------


@by_language
def test_an_official_sees_counts_and_goals_without_scrolling(language, page, visit):
    page.set_viewport_size(DESK)
    visit("/", language)
    expect(page.locator("table.goals tbody tr")).to_have_count(4)
    tiles = page.locator("[class*=st-key-tile_]").all()
    for seen in (page.locator(".lead"), *tiles, page.locator(".st-key-card_goals")):
        box = seen.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= DESK["height"]


# ---- ways on -------------------------------------------------------------------------------------------


def test_a_goal_and_its_indicators_are_ways_on_and_back(page, visit):
    """Without a reload: the window keeps what it knows."""
    visit("/", "sv")
    page.evaluate("window.kept = true")
    page.locator("table.goals a").nth(1).click()
    expect(page).to_have_url(re.compile(r"/goal\?.*goal=g2"))
    page.locator("ul.ways a").first.click()
    expect(page).to_have_url(re.compile(r"/indicator\?.*indicator=nr1&goal=g2"))
    expect(page.get_by_role("heading", level=1)).to_have_text(text("title.indicator", "sv"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(text("title.goal", "sv"))
    page.go_back()
    expect(page.locator("table.goals")).to_be_visible()
    assert page.evaluate("window.kept")


def test_a_count_opens_its_list(page, visit):
    visit("/")
    page.locator(".st-key-tile_projects a").click()
    expect(page.locator(".st-key-card_projects h2")).to_be_in_viewport()


def test_the_rule_of_a_status_is_one_click_away(page, visit):
    visit("/")
    rule = page.locator("details.rule p").first
    expect(rule).not_to_be_visible()
    page.locator("details.rule summary").first.click()
    expect(rule).to_be_visible()


# ---- strangers -----------------------------------------------------------------------------------------


def told_only_inside() -> Iterator[str]:
    """Names and words that only someone who has signed in may receive: of projects, organisations,
    goals, indicators and facts, and every text of the pages."""
    for path in sorted((PROJECT / "sample_data").rglob("*.csv")):
        if path.stem in ("projects", "organisations", "goals", "indicators", "facts", "calls", "call_stages"):
            with path.open(encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    yield from (row[f"name_{language}"] for language in LANGUAGES)
    for section in ("headline", "sentence", "goals", "card", "bridge", "regions", "facts", "about"):
        for entry in texts()[section].values():
            yield from (form for form in entry.values() if isinstance(form, str) and "{" not in form)


SECRETS = sorted({each.encode() for each in told_only_inside() if len(each) > 11})


@pytest.fixture
def received(page: Page) -> list[bytes]:
    """All that the browser receives: frames of the web socket, and the bodies of answers but for
    Streamlit's own scripts."""
    found: list[bytes] = []
    own = re.compile(r"/static/(js|css|media)/")

    def keep(data: str | bytes) -> None:
        found.append(data if isinstance(data, bytes) else data.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    page.on("requestfinished", lambda request: own.search(request.url) or keep(request.response().body()))
    return found


@by_page
def test_a_stranger_receives_nothing_of_a_page(entry, page, received):
    page.goto(f"{path_of(entry)}?lang=fi&goal=g2&scheme=evk&indicator=si6&area=evk03&slide=goals")
    page.locator("input[type=password]").wait_for()
    page.wait_for_load_state("networkidle")
    everything = b"\n".join(received)
    assert "Käyttäjätunnus".encode() in everything
    found = [secret.decode() for secret in SECRETS if secret in everything]
    assert not found, f"A stranger at {path_of(entry)} received {found}"


def test_what_a_stranger_does_not_receive_a_reader_does(visit, received):
    """The test above looks for the right thing."""
    visit("/")
    everything = b"\n".join(received)
    assert sum(secret in everything for secret in SECRETS) > 20


# ---- files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "card"), [("/regions?indicator=si6", "regions"), ("/", "funnel")])
@by_language
def test_a_file_holds_the_table_and_says_what_it_is(path, card, language, page, visit):
    visit(path, language)
    place = page.locator(f".st-key-card_{card}")
    place.get_by_role("tab", name=text("card.table", language), exact=True).click()
    lines = place.locator("table.figures tbody tr")
    lines.first.wait_for()
    count = lines.count()
    title = place.locator("h2").evaluate("heading => heading.firstChild.nodeValue.trim()")
    source = place.locator(".footnote").inner_text().split(": ", 1)[1]
    invented = place.locator(".badge").count() > 0
    cells = [row.locator("th, td").all_inner_texts() for row in lines.all()]
    place.get_by_role("tab", name=text("card.download", language), exact=True).click()
    button = place.get_by_test_id("stDownloadButton").get_by_role("button")
    expect(button).to_contain_text(str(count))
    with page.expect_download() as started:
        button.click()
    assert (text("export.demonstration_mark", language) in started.value.suggested_filename) == invented
    about, rows = read_file(Path(started.value.path()), language)
    assert about[text("export.title", language)] == title
    assert source.startswith(about[text("export.source", language)].split("; ")[0])
    assert re.search(r"\d", about[text("export.release", language)])
    note = text("card.demonstration_long", language)
    assert (about.get(text("export.note", language)) == note) == invented
    assert len(rows) == count
    if card == "regions":
        assert [row["area_label"] for row in rows] == [row[0] for row in cells]
        counted = [row["value"] if row["state"] in ("value", "zero") else row["state"] for row in rows]
        assert [value for value in counted if value.isdigit()] == [
            row[1] for row in cells if row[1].isdigit()
        ]


def read_file(path: Path, language: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """What the file says of itself, and its rows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter="," if language == "en" else ";"))
    gap = lines.index([])
    head, *rows = lines[gap + 1 :]
    return dict(line for line in lines[:gap]), [dict(zip(head, row, strict=True)) for row in rows]
