"""Every page of the list, in every language, on a store with the demonstration, one with the sourced
facts only, and an empty one. A new page is tested by its line in the list."""

import csv

import pytest

from data_access import accounts
from pages.frame.navigation import PAGES
from pages.frame.texts import LANGUAGES, text
from tests.store.stores import PROJECT
from tests.visits import (
    FACES,
    KINDS,
    OF_RELEASES,
    codes,
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

# ---- every page, language and store -------------------------------------------------------------------

pytestmark = pytest.mark.usefixtures("page_store")


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
@pytest.mark.parametrize("entry", OF_RELEASES, ids=lambda entry: entry.key)
@pytest.mark.parametrize("kind", ["empty"])
def test_an_empty_store_says_what_is_missing(kind, entry, language):
    """The reader is told, by the frame or by the page, that there are no figures yet."""
    app = visit(entry, language)
    assert text("view.no_release", language) in [info.value for info in app.info]


# ---- the sourced facts --------------------------------------------------------------------------------


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
    for entry in OF_RELEASES:
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


# ---- choices in the link ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_that_does_not_exist_gives_the_default_with_a_word_about_it(language):
    app = visit(page("regions"), language, scheme="no-such-division", indicator="nr2")
    (word,) = [warning.value for warning in app.warning]
    assert "no-such-division" in word
    assert flaws(app, language) == []
    assert app.query_params["scheme"] == "maakunta"
    assert app.query_params["indicator"] == "nr2"


@pytest.mark.parametrize("name", ["indicator", "period", "area", "against"])
def test_what_is_shown_instead_is_told_once_and_by_its_name(name):
    app = visit(page("regions"), "sv", **{name: "no-such"})
    (word,) = [warning.value for warning in app.warning]
    box = app.selectbox(f"choice_{name}")
    shown = box.format_func(box.value)
    assert len(shown) > 3
    assert word == text("filters.unknown", "sv").format(asked="no-such", default=shown)


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
