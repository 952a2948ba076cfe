"""Every page of the list, in every language, on a store with the demonstration, one with the sourced
facts only, and an empty one. A new page is tested by its line in the list."""

import csv
import html
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from google.protobuf.json_format import MessageToDict
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from data_access import accounts, models, releases
from data_access.__main__ import app as command_line
from data_access.queries import changes as change_queries
from data_access.store import writing
from pages.charts.palette import PALETTES, STATUS_SYMBOLS
from pages.frame import sign_in
from pages.frame.navigation import PAGES, PageEntry
from pages.frame.texts import LANGUAGES, text, texts
from pages.parts import cards, changed, clocks, described, factual, listed, towards, transmitted
from tests.store.stores import DEMO_PASSWORD, PROJECT, Store, made_once

KINDS = ("demo", "facts", "empty")
FACES = ("chart", "table", "method", "download")
READER = "viewer"


# ---- stores and visits ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def stocked(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Store]:
    """`stocked(kind)`: a store with the account `viewer`. `later` is a demonstration that went on after
    its second release: a third is published, a fourth was withdrawn, a fifth is a draft."""
    folder = tmp_path_factory.mktemp("pages")

    @cache
    def made(kind: str) -> Store:
        store = made_once(shared_folder, "demo" if kind == "later" else kind).copy(folder / kind)
        with store.in_use():
            if accounts.account(READER) is None:
                accounts.create_account(READER, READER, "viewer", DEMO_PASSWORD)
            if kind == "later":
                go_on()
        return store

    return made


def go_on() -> None:
    """A round later: a project has another name, a partner has left its list, a report is corrected."""
    with writing() as session:
        project = session.get_one(models.Project, "demo-p01")
        project.name = dict.fromkeys(LANGUAGES, "Renamed (demo)")
        session.delete(session.exec(select(models.Partnership)).all()[-1])
        query = select(models.Observation).where(models.Observation.indicator == "eur_paid")
        old = session.exec(query.order_by(col(models.Observation.id).desc())).first()
        said = old.model_dump() | {"id": None, "value": 1.0, "supersedes": old.id, "reason": "test"}
        session.add(models.Observation(**said))
    for _ in range(3):
        with writing() as session:
            number = releases.build(session, note=dict.fromkeys(LANGUAGES, "…")).number
            if number < 5:
                releases.publish(session, number)
            if number == 4:
                releases.withdraw(session, number, WITHDRAWN, actor="test")


WITHDRAWN = "väärä tiedosto"


@pytest.fixture
def kind() -> str:
    """The kind of store of a test that names none."""
    return "demo"


@pytest.fixture
def store_in_use(kind: str, stocked: Callable[[str], Store]) -> Iterator[Store]:
    with stocked(kind).in_use() as store:
        yield store


def visit(entry: PageEntry, language: str, reader: str = READER, **choices: str) -> AppTest:
    """The page as a reader meets it who has signed in and followed a link with these choices."""
    app = AppTest.from_file(PROJECT / "app.py", default_timeout=60)
    app.query_params = {"lang": language, **choices}
    app.run()
    account = accounts.account(reader)
    assert account is not None
    for name, value in sign_in.session_of(account).items():
        app.session_state[name] = value
    return app.switch_page(f"pages/{entry.section}/{entry.script}").run()


def page(key: str) -> PageEntry:
    return next(entry for entry in PAGES if entry.key == key)


def open_face(app: AppTest, face: str, language: str) -> AppTest:
    """The same page with this face of every card open."""
    keys = [block.key for block in app.main if block.type == "tab_container" and block.key]
    for key in keys:
        if key.startswith("face_"):
            app.session_state[key] = text(f"card.{face}", language)
    return app.run()


# ---- what a reader is told -----------------------------------------------------------------------------


class Markup(HTMLParser):
    """The texts of a piece of HTML, those of attributes included, without scripts."""

    TOLD = ("aria-label", "title", "alt", "data-head", "data-dark", "data-light")

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("script", "style")
        self.texts += [value for name, value in attrs if name in self.TOLD and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


WRITTEN = {"label", "body", "alt", "options", "content", "placeholder", "help"}
DRAWN = {"text", "hovertext", "name", "ticktext"}


def texts_in(value: Any, keys: set[str], inside: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from texts_in(part, keys, key in keys or (inside and not isinstance(part, str)))
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part, keys, inside)
    elif isinstance(value, str) and inside:
        yield value


def told_by(element: Any) -> list[str]:
    """The texts of one element: of a chart also what is written in it and its hover boxes."""
    written = MessageToDict(element.proto) if element.proto is not None else {}
    found = list(texts_in(written, WRITTEN))
    if "spec" in written:
        found += texts_in(json.loads(written["spec"]), DRAWN)
    return [part.strip() for each in found for part in Markup(each).texts if part.strip()]


def told(block: Any) -> list[str]:
    """All texts of a page, or of one container on it."""
    return [each for element in block for each in told_by(element)]


def containers(app: AppTest, prefix: str) -> dict[str, Any]:
    blocks = [block for block in app.main if block.type == "flex_container" and block.key]
    return {block.key: block for block in blocks if block.key.startswith(prefix)}


def rows(markup: str) -> list[list[str]]:
    """The written cells of the tables in a piece of HTML, head rows too."""
    cells = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in re.findall(r"<tr>.*?</tr>", markup)
    ]
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in cells]


def tables(block: Any) -> list[list[str]]:
    markup = [element.proto.body for element in block if element.type == "html"]
    return [row for each in markup for row in rows(each) if "<table" in each]


# ---- what belongs to another language ------------------------------------------------------------------


@dataclass(frozen=True)
class Foreign:
    """Texts that may not be told in a language: those of the other two, whole, or with their values."""

    whole: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def found_in(self, pieces: list[str]) -> list[str]:
        parts = {part for piece in pieces for part in (piece, *re.split(r"; | · |, ", piece))}
        alike = [part for part in parts if any(pattern.fullmatch(part) for pattern in self.patterns)]
        return sorted((parts & self.whole) | set(alike))


@cache
def foreign_to(language: str) -> Foreign:
    every = {other: said_in(other) for other in LANGUAGES}
    others = set().union(*(every[other] for other in LANGUAGES if other != language))
    theirs = {each for each in others - every[language] if re.search(r"[^\W\d]{2}", each)}
    mine = [template for template in every[language] if "{" in template]
    patterns = [
        as_pattern(template)
        for template in theirs
        if "{" in template and len(re.sub(r"\{\w+\}|\W", "", template)) >= 6 and template not in mine
    ]
    return Foreign(frozenset(each for each in theirs if "{" not in each), tuple(patterns))


def said_in(language: str) -> set[str]:
    """The texts of the code and the names in the data, in one language."""
    found = set()
    for section in texts().values():
        for entry in section.values():
            form = entry[language]
            found.update([form] if isinstance(form, str) else form.values())
    for path in (PROJECT / "sample_data").rglob("*.csv"):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                found.update(value for name, value in row.items() if name.endswith(f"_{language}") and value)
    return found


def as_pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", ".+?", re.escape(template)))


def flaws(app: AppTest, language: str) -> list[str]:
    """What is wrong with any page: an exception, an unfilled text, a text of another language."""
    pieces = told(app.main)
    unfilled = [f"unfilled: {piece}" for piece in pieces if re.search(r"\{\w*\}|\bnan\b|\bNone\b|NaT", piece)]
    strange = [f"not {language}: {piece}" for piece in foreign_to(language).found_in(pieces)]
    return [str(problem.value) for problem in app.exception] + unfilled + strange


# ---- every page, language and store --------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_whole_in_its_language(kind, entry, language):
    app = visit(entry, language)
    assert [title.value for title in app.title] == [text(f"title.{entry.key}", language)]
    assert flaws(app, language) == []
    if containers(app, "card_"):
        for face in FACES[1:]:
            assert flaws(open_face(app, face, language), language) == [], face


def markup_of(block: Any) -> str:
    return "".join(element.proto.body for element in block if element.type == "html")


def has_badge(block: Any) -> bool:
    return 'class="badge' in markup_of(block)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
def test_what_is_invented_carries_its_badge(entry):
    app = visit(entry, "fi")
    invented = invented_source("fi")
    for key, card in containers(app, "card_").items():
        assert has_badge(card) == any(invented in piece for piece in told(card)), key
    for key, tile in containers(app, "tile_").items():
        assert has_badge(tile), f"{key} shows invented counts without a badge"
    if any(invented in piece for piece in told(app.main)) and entry.key != "about":
        assert has_badge(app.main)


@pytest.mark.parametrize("kind", ["facts"])
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
def test_nothing_is_called_invented_where_nothing_is(kind, entry):
    app = visit(entry, "en")
    for face in ("chart", "table"):
        open_face(app, face, "en")
        assert not has_badge(app.main)
        assert entry.key == "about" or invented_source("en") not in " ".join(told(app.main))


def invented_source(language: str) -> str:
    with (PROJECT / "sample_data/reference/sources.csv").open(encoding="utf-8") as file:
        return next(
            row[f"title_{language}"] for row in csv.DictReader(file) if row["code"] == "demonstration"
        )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
@pytest.mark.parametrize("kind", ["empty"])
def test_an_empty_store_says_what_is_missing(kind, entry, language):
    """The reader is told, by the frame or by the page, that there are no figures yet."""
    app = visit(entry, language)
    assert text("view.no_release", language) in [info.value for info in app.info]


# ---- the sourced facts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["demo", "facts"])
def test_how_many_were_funded_is_not_available_anywhere(kind, language):
    unknown = text("state.not_available", language)
    app = visit(page("overview"), language)
    (funnel,) = containers(app, "card_funnel").values()
    assert unknown in " ".join(told(funnel))
    open_face(app, "table", language)
    (funnel,) = containers(app, "card_funnel").values()
    stages = [row[1] for row in tables(funnel)]
    assert stages[1:] == ["51", "28", unknown]
    slide = visit(page("present"), language, slide="applications")
    assert [piece for piece in told(slide.main) if "51" in piece and unknown in piece]


@pytest.mark.parametrize("kind", ["facts"])
def test_every_fact_names_its_source(kind):
    with (PROJECT / "sample_data/reference/sources.csv").open(encoding="utf-8") as file:
        titles = {row["title_fi"] for row in csv.DictReader(file)}
    nothing = text("card.no_source", "fi")
    checked = 0
    for entry in PAGES:
        app = open_face(visit(entry, "fi"), "table", "fi")
        for card in containers(app, "card_").values():
            lines = tables(card)
            head = lines[0] if lines else []
            if (name := text("table.source", "fi")) in head:
                for row in lines[1:]:
                    source = row[head.index(name)]
                    known = text("state.not_available", "fi") not in row
                    assert source in titles or (not known and source == nothing), row
                    checked += 1
            if not card.get("info"):
                footnote = told(card)[-1]
                assert any(title in footnote for title in titles), footnote
    assert checked > 30


@pytest.mark.parametrize("kind", ["facts"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_organisations_in_ten_partnerships(kind, language):
    app = visit(page("organisations"), language)
    (bridge,) = containers(app, "card_bridge").values()
    said = told(bridge)
    for unit, count in (("partnerships", 10), ("organisations", 9)):
        counted = text(f"count.{unit}", language, count).format(count=count)
        assert any(counted in piece for piece in said)
    open_face(app, "table", language)
    (bridge,) = containers(app, "card_bridge").values()
    assert [row[1] for row in tables(bridge)][1:3] == ["10", "9"]
    (several,) = containers(app, "card_several").values()
    assert len(tables(several)) == 2  # the heads, and one organisation in two projects


@pytest.mark.parametrize("kind", ["demo", "facts"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_another_programme_is_shown_from_the_same_store(kind, language):
    app = visit(page("overview"), language, programme="lape")
    assert flaws(app, language) == []
    assert not has_badge(app.main)
    assert app.query_params["programme"] == "lape"
    assert text("goals.plain", language) in told(app.main)
    for key, said in (("goal", "goal.unmeasured"), ("indicator", "indicator.none")):
        app = visit(page(key), language, programme="lape")
        assert flaws(app, language) == []
        assert text(said, language) in [info.value for info in app.info]
        assert not containers(app, "card_")
        assert app.query_params["programme"] == "lape"


# ---- progress: what a card shows is what the release holds --------------------------------------------

CARDS = (clocks, described, factual, listed, towards, transmitted)
COMPARED = ("value", "low", "high", "n", "state", "status", "reported", "expected", "baseline", "milestone")
COMPARED += ("target", "expected_now", "share_of_path")


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> list[pd.DataFrame]:
    """The frames of the cards that are drawn after this."""
    drawn: list[pd.DataFrame] = []

    def noting(*args: Any, frame: pd.DataFrame, **more: Any) -> None:
        drawn.append(frame)
        cards.figure_card(*args, frame=frame, **more)

    for part in CARDS:
        if hasattr(part, "figure_card"):
            monkeypatch.setattr(part, "figure_card", noting)
    return drawn


def printed(indicator: str, scheme: str, goal: str) -> dict[tuple[str, str], dict]:
    """(area, period) → what the command line prints for it."""
    asked = ["figures", indicator, "--scheme", scheme, "--goal", goal, "--period", "all", "--format", "json"]
    done = CliRunner().invoke(command_line, asked)
    assert done.exit_code == 0, done.output
    return {(row["area"], row["period"].lower()): row for row in json.loads(done.stdout)}


def same(shown: Any, told: Any) -> bool:
    if pd.isna(shown) or told is None:
        return pd.isna(shown) and told is None
    return shown == (pytest.approx(told, rel=1e-9) if isinstance(told, float | int) else told)


VISITS = [("overview", {}), *[("goal", {"goal": f"g{i}"}) for i in range(1, 5)]]
VISITS += [
    ("indicator", {"indicator": code, "goal": goal}) for code in ("nr1", "si6") for goal in ("all", "g3")
]
VISITS += [("indicator", {"indicator": code}) for code in ("eeco18", "esfres", "eur_paid", "people", "ctx1")]


def test_every_number_of_the_pages_of_progress_is_what_the_command_line_prints(frames):
    for key, choices in VISITS:
        assert not visit(page(key), "fi", **choices).exception
    figures = [frame for frame in frames if {"indicator", "scheme", "period", "value"} <= set(frame.columns)]
    kept = ["indicator", "scheme", "goal", "area", "period", *COMPARED]
    rows = pd.concat([frame[kept] for frame in figures]).drop_duplicates(kept[:5])
    assert len(rows) > 200
    for (indicator, scheme, goal), mine in rows.groupby(["indicator", "scheme", "goal"]):
        told = printed(str(indicator), str(scheme), str(goal))
        for row in mine.to_dict("records"):
            line = told[row["area"], row["period"]]
            wrong = {name: (row[name], line[name]) for name in COMPARED if not same(row[name], line[name])}
            assert not wrong, (indicator, scheme, goal, row["area"], row["period"], wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_counts_on_top_are_what_the_command_line_prints(language):
    tiles = containers(visit(page("overview"), language), "tile_")
    for key, code in (("projects", "projects"), ("organisations", "si6"), ("money", "eur_committed")):
        value = printed(code, "country", "all")["fi", "to_date"]["value"]
        number = (
            f"{value / 1e6:.1f}".replace(".", "." if language == "en" else ",")
            if value > 1e6
            else f"{value:.0f}"
        )
        assert [piece for piece in told(tiles[f"tile_{key}"]) if number in piece], (key, number)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_goal_with_too_few_reports_has_neither_colour_nor_arrow_but_the_count(language):
    rows_of_goals = re.findall(r"<tr>.*?</tr>", markup_of(visit(page("overview"), language).main), re.S)
    (row,) = [row for row in rows_of_goals if "goal=g3" in row]
    *_, result, status, evidence = re.findall(r"<td.*?</td>", row, re.S)
    assert 'class="track none"' in result
    assert "background" not in result
    assert text("status.not_enough_evidence", language) in status
    (colour,) = re.findall(r"color:(#\w+)", status)
    assert colour == PALETTES["light"]["ink_soft"]
    others = {
        sign for word, sign in STATUS_SYMBOLS.items() if word not in ("not_enough_evidence", "no_target")
    }
    assert not [sign for sign in others if sign in row]
    assert text("goals.reported", language).format(reported=2, expected=7) in html.unescape(evidence)
    goal = visit(page("goal"), language, goal="g3")
    (card,) = containers(goal, "card_path").values()
    why = text("no_pace.not_enough_evidence", language)
    assert why in " ".join(told(card))
    (bullets,) = containers(goal, "card_indicators").values()
    (veto,) = [piece for piece in told(bullets) if text("status.not_enough_evidence", language) in piece]
    assert text("chart.value", language) not in veto


# ---- choices in the link -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_that_does_not_exist_gives_the_default_with_a_word_about_it(language):
    app = visit(page("regions"), language, scheme="no-such-division", indicator="nr2")
    (word,) = [warning.value for warning in app.warning]
    assert "no-such-division" in word
    assert flaws(app, language) == []
    assert app.query_params["scheme"] == "maakunta"
    assert app.query_params["indicator"] == "nr2"


def test_markup_in_a_link_is_shown_as_text():
    app = visit(page("regions"), "fi", scheme="<img src=x onerror=alert(1)>", release="<b>7</b>")
    assert not app.exception
    assert "<img" not in markup_of(app.main)
    assert len(app.warning) == 2


@pytest.mark.parametrize("release", ["99", "first", "-1", "1.0", "１"])
def test_a_release_that_does_not_exist_gives_the_newest_with_a_word_about_it(release):
    app = visit(page("goal"), "en", release=release)
    assert text("view.unknown_release", "en").format(asked=release) in [each.value for each in app.warning]
    assert not app.exception


def test_codes_are_read_in_either_case():
    app = visit(page("regions"), "fi", indicator="SI6", scheme="EVK")
    assert not app.warning
    assert [app.selectbox(f"choice_{name}").value for name in ("indicator", "scheme")] == ["si6", "evk"]


def codes(table: str) -> list[str]:
    with (PROJECT / f"sample_data/reference/{table}.csv").open(encoding="utf-8") as file:
        return [row["code"] for row in csv.DictReader(file)]


@pytest.mark.parametrize("view", ["map", "tiles"])
@pytest.mark.parametrize("scheme", [code for code in codes("schemes") if code != "country"])
def test_every_division_is_drawn(scheme, view):
    app = visit(page("regions"), "sv", scheme=scheme, view=view, indicator="si6")
    assert flaws(app, "sv") == []
    assert len(app.get("plotly_chart")) == 2


@pytest.mark.parametrize("indicator", codes("indicators"))
def test_every_indicator_is_drawn(indicator):
    assert flaws(visit(page("regions"), "fi", indicator=indicator), "fi") == []
    assert flaws(visit(page("indicator"), "fi", indicator=indicator), "fi") == []


@pytest.mark.parametrize("goal", codes("goals"))
def test_every_goal_is_drawn(goal):
    programme = "esf51" if goal.startswith("g") else "lape"
    assert flaws(visit(page("goal"), "en", goal=goal, programme=programme), "en") == []
    if programme == "esf51":
        assert flaws(visit(page("organisations"), "en", goal=goal), "en") == []


def test_a_regional_reader_starts_at_the_own_area():
    account = accounts.account("regional")
    app = visit(page("regions"), "fi", reader="regional")
    assert account.area in (app.query_params["scheme"], app.query_params["area"])


# ---- releases ------------------------------------------------------------------------------------------


def card_texts(app: AppTest) -> dict[str, list[str]]:
    """What each card and tile says, and what stands in its charts."""
    blocks = containers(app, "card_") | containers(app, "tile_") | containers(app, "slide")
    return {key: [each for each in told(block) if not is_stamp(each)] for key, block in blocks.items()}


def is_stamp(piece: str) -> bool:
    """The time at which a slide was drawn."""
    return piece.startswith(text("present.stamp", "sv").split("{")[0])


def says_newer(app: AppTest, language: str, release: int, newest: int) -> bool:
    said = text("view.older", language).format(release=release) in told(app.main)
    return said and f'data-choice="release={newest}"' in markup_of(app.main)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
def test_an_older_release_says_that_a_newer_exists(entry):
    older = visit(entry, "sv", release="1")
    assert says_newer(older, "sv", 1, 2)
    assert older.query_params["release"] == "1"
    assert flaws(older, "sv") == []
    newest = visit(entry, "sv")
    assert newest.query_params["release"] == "2"
    assert 'data-choice="release' not in markup_of(newest.main)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
def test_an_old_link_shows_the_same_after_a_newer_release(entry, stocked):
    said = {}
    for kind in ("demo", "later"):
        with stocked(kind).in_use():
            app = visit(entry, "sv", release="2")
            assert says_newer(app, "sv", 2, 3) == (kind == "later")
            said[kind] = card_texts(app) | {"table": card_texts(open_face(app, "table", "sv"))}
    assert said["demo"] == said["later"]
    assert said["demo"]["table"] or entry.key == "about"


@pytest.mark.parametrize("kind", ["later"])
def test_the_newest_release_knows_what_came_after(kind):
    app = open_face(visit(page("organisations"), "sv"), "table", "sv")
    assert app.query_params["release"] == "3"
    assert any("Renamed (demo)" in piece for piece in told(app.main))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["later"])
def test_a_withdrawn_release_gives_the_newest_and_says_why(kind, language):
    app = visit(page("overview"), language, release="4")
    said = text("view.withdrawn", language).format(release=4, reason=WITHDRAWN)
    assert [each.value for each in app.warning] == [said]
    assert app.query_params["release"] == "3"


@pytest.mark.parametrize("kind", ["later"])
def test_a_draft_in_the_link_is_unknown(kind):
    app = visit(page("overview"), "fi", release="5")
    assert [each.value for each in app.warning] == [text("view.unknown_release", "fi").format(asked=5)]
    assert app.query_params["release"] == "3"


def test_the_chosen_release_goes_along_to_other_pages():
    app = visit(page("overview"), "fi")
    app.selectbox("choice_release").select("1").run()
    assert says_newer(app, "fi", 1, 2)
    app.switch_page("pages/network/organisations.py").run()
    assert app.query_params["release"] == "1"
    assert says_newer(app, "fi", 1, 2)


# ---- what changed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_says_what_changed(language):
    app = visit(page("overview"), language)
    (line,) = [piece for piece in markup_of(app.main).split("<p ") if 'class="changes"' in piece]
    for event, count in (("began", 1), ("ended", 2), ("withdrawn", 1), ("moved", 1)):
        said = text(f"changes.{event}", language, count).format(count=count)
        assert said in line.replace("\N{NO-BREAK SPACE}", " ")
    assert "card_changes" in containers(app, "card_")


@pytest.mark.parametrize("kind", ["facts"])
def test_nothing_is_compared_where_there_is_one_release(kind):
    app = visit(page("overview"), "fi")
    assert 'class="changes"' not in markup_of(app.main)
    assert "card_changes" not in containers(app, "card_")


@pytest.mark.parametrize("goal", ["all", *[code for code in codes("goals") if code.startswith("g")]])
def test_every_change_is_drawn_and_its_parts_are_the_whole(goal, monkeypatch):
    monkeypatch.setattr("pages.frame.language.language", lambda: "fi")
    found = change_queries.changes(1, 2, "official", "country")
    rows = changed.comparable(changed.listed(found, goal).query("goal == @goal"))
    assert len(rows) > 5
    for code, row in rows.iterrows():
        drawn = changed.steps(row, "1", "2")
        assert drawn["value"].iloc[0] == row["value_before"]
        assert drawn["change"].sum() == pytest.approx(row["value_now"] - row["value_before"], abs=1e-6), code
        assert drawn["value"].iloc[-2] == pytest.approx(row["value_now"], abs=1e-6)
        if row["parts"] is None:
            assert len(drawn) == 3, "a change about people is one step"


@pytest.mark.parametrize("goal", ["all", "g1", "g2", "g3", "g4"])
def test_the_card_is_whole_for_every_goal(goal):
    app = visit(page("overview"), "en", goal=goal)
    assert flaws(app, "en") == []
    assert flaws(open_face(app, "table", "en"), "en") == []


def test_what_is_protected_in_either_release_shows_no_difference():
    found = change_queries.changes(1, 2, "official")
    keys = ["scheme", "indicator", "area", "period", "goal"]
    whole = change_queries.changes(1, 2, "restricted").set_index(keys)
    hidden = found[(found["state_before"] == "protected") | (found["state_now"] == "protected")]
    assert len(hidden)
    assert (whole.loc[pd.MultiIndex.from_frame(hidden[keys])]["change"] != 0).any(), (
        "there is something to hide"
    )
    assert hidden["change"].isna().all()
    assert hidden["parts"].isna().all()
    assert set(hidden["reasons"].map(tuple)) == {("protection",)}
    assert changed.comparable(hidden).empty
    assert {changed.difference(row) for row in hidden.itertuples()} == {"–"}


# ---- protection ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
def test_a_page_tells_the_official_audience_the_same_whatever_is_protected(entry, stocked, tmp_path):
    told_to_viewer = []
    for different in (False, True):
        own = stocked("demo").copy(tmp_path / str(different))
        if different:
            with sqlite3.connect(own.folder / "turvaverkko.sqlite3") as connection:
                connection.execute("DROP TRIGGER figure_frozen_update")
                connection.execute("UPDATE figure SET value = 99, n = 98, low = 0, high = 4 WHERE hidden")
        with own.in_use():
            st.cache_resource.clear()
            visits = [visit(entry, "sv", indicator=code, scheme="evk") for code in ("people", "nr1")]
            assert not any(app.exception for app in visits)
            told_to_viewer.append([told(app.main) for app in visits])
    st.cache_resource.clear()
    assert told_to_viewer[0] == told_to_viewer[1]
