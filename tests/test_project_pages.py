"""The page of projects: the list as the link asks for it, and each project's card, as a reader meets them."""

import re
from urllib.parse import parse_qsl

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access.queries import projects as project_queries
from data_access.scope import operator
from pages.frame.texts import LANGUAGES, text
from pages.parts import cached, project_search
from pages.parts.tables import LONG
from tests.visits import (
    FACES,
    containers,
    flaws,
    has_badge,
    markup_of,
    open_face,
    page,
    tables,
    told,
    visit,
)

pytestmark = pytest.mark.usefixtures("page_store")

# Running, withdrawn, planned, and national without a report of its own.
KINDS_OF_PROJECT = ("demo-p09", "demo-p08", "demo-p23", "soila")


def listing(language: str = "fi", **choices: str) -> AppTest:
    return visit(page("projects"), language, **choices)


def names(app: AppTest) -> list[str]:
    """The projects in the list, in order."""
    cards = containers(app, "card_projects")
    return [row[0] for row in tables(cards["card_projects"])[1:]] if cards else []


def card_says(app: AppTest, card: str) -> str:
    return " ".join(told(containers(app, f"card_{card}")[f"card_{card}"]))


def register() -> pd.DataFrame:
    return project_queries.register(operator(), 2, "esf51", "fi")


# ---- the list ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_counts_the_rows(language):
    for choices in ({}, {"goal": "g3"}, {"state": "planned"}, {"area": "mk06"}):
        app = listing(language, **choices)
        key = "register.some" if choices else "register.all"
        count = len(names(app))
        assert count > 0
        assert text(key, language, count).format(count=count) in card_says(app, "projects")
        assert flaws(app, language) == []


def test_each_wish_narrows_the_list():
    rows = register()
    running = rows["state"] == "running"
    wanted = {
        ("goal", "g3"): rows["goal_codes"].fillna("").str.contains("g3"),
        ("state", "withdrawn"): rows["state"] == "withdrawn",
        ("state", "started"): ~rows["state"].isin(["planned", "withdrawn"]),
        ("facet", "mission"): (rows["certainty"] == "uncertain") & (rows["direction"] == "directed"),
        # The release knows the year to 30.9.2026.
        ("only", "ending"): running & (rows["ends"].astype(str) <= "2027-09-30"),
        ("area", "mk06"): rows["area_codes"].str.contains("mk06"),
    }
    for (name, code), mine in wanted.items():
        assert sorted(names(listing(**{name: code}))) == sorted(rows.loc[mine, "name"]), (name, code)
    missing = names(listing(only="missing"))
    late = text("register.late", "fi", len(missing)).format(count=len(missing), period="1–6/2026")
    assert late in card_says(listing(), "projects")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("LYHTY", ["Lyhty (esimerkki)"]),
        ("sijaisperheet hopea", ["Lyhty (esimerkki)"]),
        ("kehrää", []),
        ("(esim", 28),
        ("  thl-ei-ole  ", []),
    ],
)
def test_the_search_finds_projects_by_their_own_and_their_partners_names(asked, found):
    shown = names(listing(q=asked))
    assert shown == found or len(shown) == found


def test_a_search_finds_the_same_in_every_language():
    counts = {len(names(listing(language, q="hyvinvointialue"))) for language in LANGUAGES}
    assert len(counts) == 1
    assert counts.pop() > 10


def test_what_is_written_into_the_link_is_only_ever_text():
    asked = "<img src=x onerror=alert(1)>" + "x" * 200
    app = listing(q=asked, project="<b>7</b>", order="<i>", leaf="../..")
    assert not app.exception
    assert "<img" not in markup_of(app.main)
    assert "<b>7</b>" not in markup_of(app.main)
    assert app.text_input("choice_q").value == asked[:80]
    assert len(app.warning) == 2  # The project and the order; without rows there are no leaves.


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_is_found_the_reader_is_told_what_to_do(language):
    app = listing(language, q="zzz", goal="g2")
    assert text("register.nothing", language) in [info.value for info in app.info]
    (link,) = re.findall(r'href="\?([^"]*)"[^>]*data-within', containers_markup(app, "card_projects"))
    anew = dict(parse_qsl(link.replace("&amp;", "&"), keep_blank_values=True))
    assert flaws(app, language) == []
    assert len(names(listing(**anew))) == 30


def containers_markup(app: AppTest, card: str) -> str:
    return markup_of(containers(app, card)[card])


@pytest.mark.parametrize("order", list(project_search.ORDERS))
def test_the_list_is_in_the_order_asked_for(order):
    column, smallest_first = project_search.ORDERS[order]
    shown = names(listing(order=order))
    if order == "name":
        assert shown[0].startswith("Ajoissa")
        assert shown[-1].startswith("Yhteinen")
    else:
        values = register().set_index("name").loc[shown, column].dropna().tolist()
        assert values == sorted(values, reverse=not smallest_first)
        assert len(values) > 20


def test_a_long_list_comes_in_leaves(monkeypatch):
    one = cached.project_register(operator(), 2, "esf51", "fi").iloc[[5]]
    many = pd.concat(
        [one.assign(code=f"p{i:03}", name=f"Hanke {i:03}") for i in range(70)], ignore_index=True
    )
    monkeypatch.setattr(cached, "project_register", lambda *_: many)
    # Without what is remembered of the release.
    monkeypatch.setattr(project_search, "searchable", project_search.searchable.__wrapped__)
    app = listing(leaf="3")
    assert names(app) == [f"Hanke {i:03}" for i in range(60, 70)]
    assert text("register.seen", "fi").format(first=61, last=70) in card_says(app, "projects")
    app.selectbox("choice_leaf").select("2").run()
    assert names(app) == [f"Hanke {i:03}" for i in range(LONG, 2 * LONG)]
    app.text_input("choice_q").input("Hanke 00").run()
    assert app.query_params["leaf"] == "1"
    assert names(app) == [f"Hanke {i:03}" for i in range(10)]


def test_a_file_has_every_project_that_is_asked_for(monkeypatch):
    taken: list[bytes] = []
    monkeypatch.setattr("streamlit.download_button", lambda *_, data, **__: taken.append(data()))
    open_face(listing(goal="g4"), "download", "fi")
    lines = taken[0].decode("utf-8-sig").split("\r\n\r\n", 1)[1].splitlines()
    assert len(lines) - 1 == len(names(listing(goal="g4")))


# ---- counts that open lists ----------------------------------------------------------------------------


def test_every_count_of_the_facets_opens_its_list():
    markup = containers_markup(listing(), "card_facets")
    links = re.findall(r'href="\?([^"#]*)#card_projects"[^>]*>(\d+)', markup)
    assert sum(int(count) for _, count in links) == 28
    for link, count in links:
        choices = dict(parse_qsl(link.replace("&amp;", "&"), keep_blank_values=True))
        assert len(names(listing(**choices))) == int(count)


def test_the_count_on_the_overview_opens_the_list_of_as_many():
    tile = containers(visit(page("overview"), "fi"), "tile_projects")["tile_projects"]
    link, count = re.search(r"projects\?([^\"]*)\".*?tile-number\">(\d+)", markup_of(tile), re.S).groups()
    choices = dict(parse_qsl(link.replace("&amp;", "&"), keep_blank_values=True))
    app = listing(**choices | {"state": "started"})
    assert len(names(app)) == int(count)
    assert choices["state"] == "started"


# ---- one project ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", KINDS_OF_PROJECT)
def test_a_project_is_whole_in_its_language(code, language):
    app = listing(language, project=code)
    assert flaws(app, language) == []
    assert text("project.not_in_data", language) in card_says(app, "project")
    cards = containers(app, "card_")
    assert {"card_project", "card_project_partners", "card_facets"} <= set(cards)
    told_of = {key for key, card in cards.items() if not card.get("info")}
    invented = {key for key, card in cards.items() if has_badge(card)}
    assert invented == (told_of if code != "soila" else {"card_facets"})
    for face in FACES[1:]:
        assert flaws(open_face(app, face, language), language) == [], face


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_about_people_is_not_published_by_project(language):
    app = listing(language, project="demo-p09")
    said = card_says(app, "project_results")
    assert text("project.withheld", language) in said
    assert said.count(f"∅ {text('state.not_published', language)}") >= 2
    open_face(app, "table", language)
    rows = {
        row[0][:3]: row[1:] for row in tables(containers(app, "card_project_results")["card_project_results"])
    }
    nothing = f"∅ {text('state.not_published', language)}"
    assert set(rows["NR1"]) == set(rows["NR2"]) == {nothing}
    assert nothing not in rows["NR3"] + rows["NR4"]


def test_a_project_that_does_not_exist_gives_the_list_with_a_word_about_it():
    app = listing("sv", project="p99")
    assert [word.value for word in app.warning] == [text("project.unknown", "sv").format(asked="p99")]
    assert len(names(app)) == 30


def test_an_older_release_shows_the_project_as_it_was():
    for release, state in (("1", "running"), ("2", "ended")):
        app = open_face(listing(project="demo-p02", release=release), "table", "fi")
        rows = tables(containers(app, "card_project")["card_project"])
        assert rows[1] == [text("table.project_state", "fi"), text(f"project_state.{state}", "fi")]


def test_lists_of_projects_lead_to_their_cards():
    markup = containers_markup(visit(page("goal"), "fi", goal="g2"), "card_projects")
    codes = set(re.findall(r"projects\?[^\"]*project=([\w-]+)", markup))
    rows = register()
    assert codes == set(rows.loc[rows["goal_codes"].fillna("").str.contains("g2"), "code"])
